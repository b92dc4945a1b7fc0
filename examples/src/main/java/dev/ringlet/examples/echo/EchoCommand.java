package dev.ringlet.examples.echo;

import dev.ringlet.examples.Executors;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs the echo server until the process is stopped. */
@Command(
    name = "echo",
    description = "A TCP server that sends back what it gets.",
    mixinStandardHelpOptions = true)
public final class EchoCommand implements Callable<Integer> {
  private static final int MAX_PORT = 65_535;

  @Spec private @Nullable CommandSpec command;

  @Mixin private Executors executors = new Executors();

  @Option(
      names = "--port",
      paramLabel = "P",
      description = "TCP port on the loopback address, 0 for any free one (default: 7007).")
  private int port = 7007;

  /** Creates the command with its defaults. */
  public EchoCommand() {}

  @Override
  public Integer call() throws InterruptedException {
    CommandSpec spec = command;
    if (spec == null) {
      throw new IllegalStateException("started without a command line");
    }
    if (port < 0 || port > MAX_PORT) {
      throw new ParameterException(spec.commandLine(), "--port " + port + ": give 0 to 65535");
    }
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    try {
      EchoServer server = EchoServer.start(address, executors.pool());
      Runtime.getRuntime().addShutdownHook(new Thread(server::close, "stop"));
      PrintWriter out = spec.commandLine().getOut();
      out.println("ringlet echo: listening on " + server.address());
      out.println("Talk to it:  nc 127.0.0.1 " + server.address().getPort());
      out.println("Stop it:     Ctrl-C");
      out.flush();
    } catch (CompletionException e) {
      throw new ParameterException(spec.commandLine(), "--port " + port + ": " + e.getCause());
    }
    new CountDownLatch(1).await();
    return 0;
  }
}
