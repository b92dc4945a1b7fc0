package dev.ringlet.examples.kv;

import static java.util.concurrent.TimeUnit.SECONDS;

import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.ActorSystem;
import dev.ringlet.actor.Supervision;
import dev.ringlet.executor.ActorExecutor;
import dev.ringlet.executor.ExecutorPool;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A running server: the data folder, the actor system, one shard and one listener per executor.
 * Used by the thread that starts it; {@link #close} also by a shutdown hook.
 *
 * <p>Order of the start: lock the data, replay all logs, then listen. Order of the stop: stop
 * listening, write and sync the logs, stop the actors, unlock the data.
 */
final class KvServer implements AutoCloseable {
  private static final Logger LOG = System.getLogger(KvServer.class.getName());
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(20);

  private final KvConfig config;
  private final DataDirectory data;
  private final ActorSystem system;
  private final List<ActorRef<ShardMessage>> shards = new ArrayList<>();
  private final List<ActorRef<ListenerMessage>> listeners = new ArrayList<>();
  private int port;
  private boolean closed;

  private KvServer(KvConfig config, DataDirectory data, ActorSystem system) {
    this.config = config;
    this.data = data;
    this.system = system;
  }

  /**
   * Starts a server.
   *
   * @param pool settings of the executors but their number, which is that of the shards
   * @throws KvStartException if it cannot start; nothing is left running then
   */
  static KvServer start(KvConfig config, ExecutorPool pool) {
    InetSocketAddress address = checkPort(config);
    DataDirectory data = DataDirectory.open(config.data(), config.shards());
    ActorSystem system;
    try {
      system = ActorSystem.create("kv", pool.withCount(config.shards()));
    } catch (RuntimeException | Error e) {
      data.close();
      throw e;
    }
    KvServer server = new KvServer(config, data, system);
    try {
      return join(server.begin(address));
    } catch (RuntimeException | Error e) {
      system.close();
      data.close();
      throw e;
    }
  }

  /**
   * Starts a server in a system of somebody else's, without blocking.
   *
   * @param system has an executor for each shard; is closed by whoever made it, after {@link #stop}
   *     and also if the start fails
   * @param address where to listen; nobody checks whether others share it
   * @return the server, or the failure
   */
  static CompletionStage<KvServer> startOn(
      ActorSystem system, KvConfig config, InetSocketAddress address) {
    return system
        .offload(() -> DataDirectory.open(config.data(), config.shards()))
        .thenCompose(
            data ->
                new KvServer(config, data, system)
                    .begin(address)
                    .whenComplete(
                        (server, failure) -> {
                          if (failure != null) {
                            data.close();
                          }
                        }));
  }

  private CompletionStage<KvServer> begin(InetSocketAddress address) {
    return load()
        .thenCompose(loaded -> system.offload(this::syncNames))
        .thenCompose(synced -> listen(address, 0))
        .thenApply(
            bound -> {
              serve(bound);
              return this;
            });
  }

  /**
   * Whether the port is free. The listeners cannot tell: they share the port, and the kernel would
   * let them share it with those of another server, too.
   */
  private static InetSocketAddress checkPort(KvConfig config) {
    try {
      InetAddress bind = InetAddress.getByName(config.bind());
      try (ServerSocket probe = new ServerSocket(config.port(), 1, bind)) {
        return new InetSocketAddress(bind, config.port() == 0 ? 0 : probe.getLocalPort());
      }
    } catch (IOException e) {
      throw KvStartException.badSetting(
          "--port "
              + config.port()
              + ": cannot listen on "
              + config.bind()
              + ": "
              + e.getMessage()
              + "; stop what uses it or give another");
    }
  }

  private CompletionStage<Void> load() {
    List<CompletableFuture<Void>> loaded = new ArrayList<>();
    for (ActorExecutor executor : system.executors()) {
      CompletableFuture<Void> one = new CompletableFuture<>();
      int index = executor.index();
      loaded.add(one);
      shards.add(
          executor.spawn(
              () -> new ShardActor(config, index, one),
              ActorOptions.named("shard-" + index)
                  .withPriorityClass(KvClasses.SERVING)
                  .withSupervision(Supervision.resume())));
    }
    return CompletableFuture.allOf(loaded.toArray(CompletableFuture[]::new));
  }

  private boolean syncNames() {
    try {
      data.sync();
      return true;
    } catch (IOException e) {
      throw KvStartException.badSetting("--data " + config.data() + ": cannot be synced: " + e);
    }
  }

  /** Listens on one executor after the other, since the first may choose the port for all. */
  private CompletionStage<InetSocketAddress> listen(InetSocketAddress address, int index) {
    if (index == system.executors().size()) {
      return CompletableFuture.completedStage(address);
    }
    CompletableFuture<Integer> bound = new CompletableFuture<>();
    listeners.add(
        system
            .executors()
            .get(index)
            .spawn(
                () -> new ListenerActor(address, List.copyOf(shards), bound),
                ActorOptions.named("listener-" + index).withPriorityClass(KvClasses.SERVING)));
    return bound.thenCompose(
        found -> listen(new InetSocketAddress(address.getAddress(), found), index + 1));
  }

  private void serve(InetSocketAddress address) {
    port = address.getPort();
    ServerInfo info =
        new ServerInfo(
            config.withPort(port),
            system.executors().get(0).driver(),
            config.surroundings().millis(),
            new ClientRegistry());
    listeners.forEach(listener -> listener.tell(new ListenerMessage.Serve(info)));
  }

  private static <T> T join(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof KvStartException known) {
        throw known;
      }
      throw e;
    }
  }

  /** The port, also if the kernel chose it. */
  int port() {
    return port;
  }

  ActorSystem system() {
    return system;
  }

  /** The shards, by index; shard i lives on executor i. */
  List<ActorRef<ShardMessage>> shards() {
    return List.copyOf(shards);
  }

  KvConfig config() {
    return config;
  }

  /** Stops; what was answered is in the logs afterwards. A second call does nothing. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      // Whoever interrupts wants to end soon; the logs are still closed.
      stop().toCompletableFuture().orTimeout(2 * STOP_TIMEOUT.toSeconds(), SECONDS).join();
    } catch (CompletionException e) {
      LOG.log(Level.ERROR, "the server did not stop in time", e.getCause());
    }
    system.close();
    data.close();
  }

  /**
   * Stops listening, then writes and syncs the logs, without blocking. What goes wrong is logged.
   *
   * @return complete when that is done; whether all of it went well
   */
  CompletionStage<Boolean> stop() {
    return all(listeners, ListenerMessage.StopListening::new, "a listener did not close")
        .thenCompose(
            listenersClosed ->
                all(shards, ShardMessage.Close::new, "a log could not be completed")
                    .thenApply(logsComplete -> listenersClosed && logsComplete));
  }

  private static <M> CompletionStage<Boolean> all(
      List<ActorRef<M>> actors, Function<ActorRef<Boolean>, M> question, String problem) {
    CompletionStage<Boolean> together = CompletableFuture.completedStage(true);
    for (ActorRef<M> actor : actors) {
      CompletionStage<Boolean> one =
          actor.<Boolean>ask(question, STOP_TIMEOUT).handle((good, e) -> isGood(good, e, problem));
      together = together.thenCombine(one, Boolean::logicalAnd);
    }
    return together;
  }

  private static boolean isGood(
      @Nullable Boolean answer, @Nullable Throwable failure, String problem) {
    boolean good = failure == null && Boolean.TRUE.equals(answer);
    if (!good) {
      LOG.log(Level.ERROR, problem, failure);
    }
    return good;
  }
}
