package dev.ringlet.examples.kv;

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
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

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
      server.load();
      server.listen(address);
      return server;
    } catch (RuntimeException | Error e) {
      system.close();
      data.close();
      throw e;
    }
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

  private void load() {
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
    loaded.forEach(KvServer::join);
    try {
      data.sync();
    } catch (IOException e) {
      throw KvStartException.badSetting("--data " + config.data() + ": cannot be synced: " + e);
    }
  }

  private void listen(InetSocketAddress address) {
    InetSocketAddress shared = address;
    for (ActorExecutor executor : system.executors()) {
      CompletableFuture<Integer> bound = new CompletableFuture<>();
      InetSocketAddress target = shared;
      listeners.add(
          executor.spawn(
              () -> new ListenerActor(target, List.copyOf(shards), bound),
              ActorOptions.named("listener-" + executor.index())
                  .withPriorityClass(KvClasses.SERVING)));
      shared = new InetSocketAddress(address.getAddress(), join(bound));
    }
    port = shared.getPort();
    ServerInfo info =
        new ServerInfo(
            config.withPort(port),
            system.executors().get(0).driver(),
            System.currentTimeMillis(),
            new ClientRegistry());
    listeners.forEach(listener -> listener.tell(new ListenerMessage.Serve(info)));
  }

  private static <T> T join(CompletableFuture<T> future) {
    try {
      return future.join();
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
    List<CompletionStage<Boolean>> steps = new ArrayList<>();
    for (ActorRef<ListenerMessage> listener : listeners) {
      steps.add(listener.ask(ListenerMessage.StopListening::new, STOP_TIMEOUT));
    }
    awaitAll(steps, "a listener did not close");
    steps.clear();
    for (ActorRef<ShardMessage> shard : shards) {
      steps.add(shard.ask(ShardMessage.Close::new, STOP_TIMEOUT));
    }
    awaitAll(steps, "a log could not be completed");
    system.close();
    data.close();
  }

  private static void awaitAll(List<CompletionStage<Boolean>> steps, String problem) {
    for (CompletionStage<Boolean> step : steps) {
      try {
        boolean good =
            step.toCompletableFuture().get(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        if (!good) {
          LOG.log(Level.ERROR, problem);
        }
      } catch (ExecutionException | TimeoutException e) {
        LOG.log(Level.ERROR, problem, e);
      } catch (InterruptedException e) {
        // Whoever interrupts wants to end soon; the logs are still closed by the next steps.
        Thread.currentThread().interrupt();
      }
    }
  }
}
