package dev.ringlet.examples.blockhound;

import static java.nio.file.StandardOpenOption.APPEND;

import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorSystem;
import dev.ringlet.actor.Supervision;
import dev.ringlet.actor.TaskOptions;
import dev.ringlet.examples.echo.EchoCommand;
import dev.ringlet.examples.files.CatCommand;
import dev.ringlet.examples.files.CopyCommand;
import dev.ringlet.examples.hello.HelloCommand;
import dev.ringlet.examples.limiter.LimitCommand;
import dev.ringlet.examples.reactor.CoreScheduler;
import dev.ringlet.examples.tail.TailCommand;
import dev.ringlet.executor.ActorExecutor;
import dev.ringlet.executor.ExecutorPool;
import dev.ringlet.io.Io;
import dev.ringlet.reactive.Publishers;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PipedReader;
import java.io.PipedWriter;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import picocli.CommandLine;
import reactor.blockhound.BlockHound;
import reactor.core.publisher.Flux;

/**
 * Uses all parts of the runtime while BlockHound looks: sockets, files, timers, work that blocks,
 * logs. Prints what it has found.
 */
final class CleanProgram {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final String driver;
  private final Path directory;

  private CleanProgram(String driver, Path directory) {
    this.driver = driver;
    this.directory = directory;
  }

  /** The driver, and an empty directory. */
  public static void main(String[] arguments) throws Exception {
    // Handlers that were made before know nothing of BlockHound's standard output.
    System.getLogger("clean").log(System.Logger.Level.INFO, "begins");
    Violations violations = new Violations();
    BlockHound.install(violations);
    CleanProgram program = new CleanProgram(arguments[0], Path.of(arguments[1]));
    program.commands();
    program.servers();
    program.system();
    int found = violations.found().size();
    program.sleepInATurn();
    violations.found().forEach(System.out::println);
    System.out.println("violations: " + found);
    System.out.println("and with one that was wanted: " + violations.found().size());
    // The echo server lives until its process ends.
    System.exit(0);
  }

  /** Shows that somebody looks. */
  private void sleepInATurn() {
    ExecutorPool pool = ExecutorPool.of(1).withDriver(driver);
    try (ActorSystem system = ActorSystem.create("sleeps", pool)) {
      system.run(
          context -> {
            // Not a wait: this is what has to be found.
            TimeUnit.MILLISECONDS.sleep(1);
            return "";
          });
    }
  }

  private void commands() throws IOException {
    Path source = Files.write(directory.resolve("source"), new byte[3_000_000]);
    Path target = directory.resolve("target");
    run(new HelloCommand(), "1", "2");
    run(new LimitCommand(), "--calls", "20000", "--executors", "2");
    run(new CopyCommand(), source.toString(), target.toString());
    run(new CatCommand(), "--output", target.toString(), source.toString());
  }

  private void run(Object command, String... arguments) {
    StringWriter output = new StringWriter();
    int exit =
        new CommandLine(command).setOut(new PrintWriter(output)).execute(withDriver(arguments));
    if (exit != 0) {
      throw new IllegalStateException(List.of(arguments) + ": " + output);
    }
  }

  private String[] withDriver(String... arguments) {
    String[] all = new String[arguments.length + 2];
    all[0] = "--driver";
    all[1] = driver;
    System.arraycopy(arguments, 0, all, 2, arguments.length);
    return all;
  }

  /** What a command that goes on prints. */
  private BufferedReader start(Object command, String... arguments) throws IOException {
    PipedReader output = new PipedReader();
    PrintWriter writer = new PrintWriter(new PipedWriter(output));
    Thread thread =
        new Thread(() -> new CommandLine(command).setOut(writer).execute(withDriver(arguments)));
    thread.setDaemon(true);
    thread.start();
    return new BufferedReader(output);
  }

  private void servers() throws IOException {
    String listening = start(new EchoCommand(), "--port", "0", "--executors", "2").readLine();
    int port = Integer.parseInt(listening.substring(listening.lastIndexOf(':') + 1));
    byte[] data = new byte[100_000];
    for (int i = 0; i < 20; i++) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        socket.getOutputStream().write(data);
        socket.getInputStream().readNBytes(data.length);
      }
    }
    Path log = Files.writeString(directory.resolve("log"), "one\n");
    BufferedReader lines = start(new TailCommand(), log.toString());
    String first = lines.readLine();
    Files.writeString(log, "two\n", APPEND);
    String second = lines.readLine();
    if (!first.equals("one") || !second.equals("two")) {
      throw new IllegalStateException("lines: " + first + ", " + second);
    }
  }

  private void system() {
    ExecutorPool pool = ExecutorPool.of(2).withDriver(driver);
    try (ActorSystem system = ActorSystem.create("clean", pool)) {
      ActorExecutor executor = system.executors().get(0);
      CoreScheduler scheduler = CoreScheduler.on(executor, ActorOptions.defaults());
      Flux.interval(Duration.ofMillis(1), scheduler).take(100).blockLast(PATIENCE);
      Io io =
          system
              .<Io>submit(context -> context.io(), TaskOptions.defaults().onExecutor(executor))
              .join();
      Flux.from(Publishers.from(io.list(directory))).collectList().block(PATIENCE);
      offload(system);
      logs(system);
    }
  }

  private static void awaitUntil(BooleanSupplier condition) {
    Flux.interval(Duration.ofMillis(1))
        .takeUntil(tick -> condition.getAsBoolean())
        .blockLast(PATIENCE);
  }

  /** Much at a time, so that those who hand it over meet. */
  private static void offload(ActorSystem system) {
    int each = 20_000;
    AtomicInteger left = new AtomicInteger(2 * each);
    system
        .submitToEach(
            context -> {
              for (int i = 0; i < each; i++) {
                var unused = context.system().offload(left::decrementAndGet);
              }
              return left;
            })
        .forEach(handle -> handle.join());
    awaitUntil(() -> left.get() == 0);
  }

  private static void logs(ActorSystem system) {
    var actor =
        system.<String>spawn(
            () ->
                (message, context) -> {
                  context.log().log(System.Logger.Level.INFO, "handles {0}", message);
                  throw new IllegalStateException("wanted by the test");
                },
            ActorOptions.defaults().withSupervision(Supervision.resume()));
    for (int i = 0; i < 5; i++) {
      actor.tell("message " + i);
    }
    awaitUntil(() -> system.stats().failures() == 5);
    system.stop(actor);
    // Nobody is there any more, which is logged too.
    actor.tell("a dead letter");
  }
}
