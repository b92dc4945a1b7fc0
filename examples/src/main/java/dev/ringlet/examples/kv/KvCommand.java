package dev.ringlet.examples.kv;

import dev.ringlet.actor.RingletException;
import dev.ringlet.examples.Executors;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import reactor.core.Disposable;
import reactor.core.Disposables;

/** Runs the key-value server until the process is stopped. */
@Command(
    name = "kv",
    description = {
      "A durable key-value server that speaks the Redis protocol.",
      "Exit codes: 2 for settings that cannot work, 1 for data that cannot be used."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class KvCommand implements Callable<Integer> {
  private static final int MAX_PORT = 65_535;

  @Spec private @Nullable CommandSpec command;

  @Option(
      names = "--port",
      paramLabel = "P",
      description = "TCP port, 0 for any free one (default: ${DEFAULT-VALUE}).")
  private int port = 6379;

  @Option(
      names = "--bind",
      paramLabel = "ADDRESS",
      description =
          "Local address; there are no passwords, so take care (default: ${DEFAULT-VALUE}).")
  private String bind = "127.0.0.1";

  @Mixin private Executors executors = new Executors();

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Folder of the logs, one per executor (default: ${DEFAULT-VALUE}).")
  private Path data = Path.of("ringlet-data");

  @Option(
      names = "--fsync",
      paramLabel = "WHEN",
      description =
          "always: no reply before its change survives a power loss; everysec; no"
              + " (default: everysec).")
  private FsyncPolicy fsync = FsyncPolicy.EVERYSEC;

  @Option(
      names = "--compact-factor",
      paramLabel = "N",
      description =
          "Compact a log when it is longer than N times what its live keys need; 1 or more, 0 for"
              + " never (default: ${DEFAULT-VALUE}).")
  private double compactFactor = CompactionSettings.DEFAULT_FACTOR;

  @Option(
      names = "--compact-min",
      paramLabel = "SIZE",
      converter = ByteSize.class,
      description = "Leave logs up to this length alone (default: 16m).")
  private long compactMin = CompactionSettings.DEFAULT_MIN_BYTES;

  @Option(
      names = "--value-limit",
      paramLabel = "SIZE",
      converter = ByteSize.class,
      description = "Longest value, up to 512m; longer ones get an error (default: 16m).")
  private long valueLimit = RespLimits.defaults().valueBytes();

  @Option(
      names = "--output-limit",
      paramLabel = "SIZE",
      converter = ByteSize.class,
      description =
          "Bytes of replies that may wait for a client that does not read, before it is"
              + " disconnected (default: 256m).")
  private long outputLimit = 256L << 20;

  @Option(
      names = "--max-memory",
      paramLabel = "SIZE",
      converter = ByteSize.class,
      description =
          "About how much keys and values may take, before commands that need more are refused"
              + " (default: 60%% of the heap).")
  private long maxMemory = (long) (Runtime.getRuntime().maxMemory() * 0.6);

  @Option(
      names = "--max-clients",
      paramLabel = "N",
      description = "How many clients may be connected (default: ${DEFAULT-VALUE}).")
  private int maxClients = 10_000;

  @Option(names = "--changes", description = "Print every committed change.")
  private boolean changes;

  /** Creates the command with its defaults. */
  public KvCommand() {}

  @Override
  public Integer call() throws InterruptedException {
    KvConfig config = config();
    try {
      run(KvServer.start(config, executors.pool()));
    } catch (KvStartException e) {
      err().println("ringlet kv: " + e.getMessage());
      return e.exitCode();
    } catch (RingletException e) {
      err().println("ringlet kv: cannot start: " + e.getMessage());
      return KvStartException.BAD_SETTING;
    }
    return 0;
  }

  private KvConfig config() {
    check(port >= 0 && port <= MAX_PORT, "--port " + port + ": give 0 to 65535");
    check(
        valueLimit >= 1 && valueLimit <= RespLimits.PROTOCOL_BYTES,
        "--value-limit " + valueLimit + ": give 1 to " + RespLimits.PROTOCOL_BYTES);
    check(outputLimit >= 1, "--output-limit " + outputLimit + ": give 1 or more");
    check(maxMemory >= 1, "--max-memory " + maxMemory + ": give 1 or more");
    check(maxClients >= 1, "--max-clients " + maxClients + ": give 1 or more");
    check(
        compactFactor == 0 || (compactFactor >= 1 && compactFactor < Double.POSITIVE_INFINITY),
        "--compact-factor " + compactFactor + ": give 1 or more, or 0 for never");
    return new KvConfig(
        bind,
        port,
        executors.count(),
        data,
        fsync,
        new CompactionSettings(compactFactor, compactMin),
        RespLimits.ofValue((int) valueLimit),
        outputLimit,
        maxMemory,
        maxClients,
        Surroundings.ofProcess());
  }

  private void check(boolean good, String problem) {
    if (!good) {
      throw new ParameterException(spec().commandLine(), problem);
    }
  }

  private void run(KvServer server) throws InterruptedException {
    PrintWriter out = out();
    Disposable feed = changes ? ChangePrinter.start(server, out) : Disposables.disposed();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server, feed), "stop"));
    KvConfig config = server.config();
    out.printf(
        "ringlet kv: %d shards on the %s driver, data in %s, fsync %s%n",
        config.shards(),
        server.system().executors().get(0).driver(),
        config.data().toAbsolutePath().normalize(),
        config.fsync().label());
    out.println("Talk to it:  redis-cli -p " + server.port());
    out.println("Stop it:     Ctrl-C");
    out.flush();
    new CountDownLatch(1).await();
  }

  private void stop(KvServer server, Disposable feed) {
    feed.dispose();
    server.close();
    out().println("ringlet kv: stopped, the logs are closed");
    out().flush();
  }

  private CommandSpec spec() {
    CommandSpec spec = command;
    if (spec == null) {
      throw new IllegalStateException("started without a command line");
    }
    return spec;
  }

  private PrintWriter out() {
    return spec().commandLine().getOut();
  }

  private PrintWriter err() {
    return spec().commandLine().getErr();
  }
}
