package dev.ringlet.examples.echo;

import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorSystem;
import dev.ringlet.executor.ActorExecutor;
import dev.ringlet.executor.ExecutorPool;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;

/** A running echo server: one listener per executor, all on one port. Used by one thread. */
final class EchoServer implements AutoCloseable {
  private final ActorSystem system;
  private final InetSocketAddress address;

  private EchoServer(ActorSystem system, InetSocketAddress address) {
    this.system = system;
    this.address = address;
  }

  /**
   * Starts a server.
   *
   * @param wanted where to listen; port 0 lets the kernel choose
   * @throws java.util.concurrent.CompletionException if it cannot listen
   */
  static EchoServer start(InetSocketAddress wanted, ExecutorPool pool) {
    ActorSystem system = ActorSystem.create("echo", pool);
    try {
      InetSocketAddress address = wanted;
      for (ActorExecutor executor : system.executors()) {
        CompletableFuture<Integer> bound = new CompletableFuture<>();
        InetSocketAddress target = address;
        executor.spawn(
            () -> new EchoListener(target, bound),
            ActorOptions.named("listener-" + executor.index()));
        address = new InetSocketAddress(wanted.getAddress(), bound.join());
      }
      return new EchoServer(system, address);
    } catch (RuntimeException | Error e) {
      system.close();
      throw e;
    }
  }

  InetSocketAddress address() {
    return address;
  }

  ActorSystem system() {
    return system;
  }

  @Override
  public void close() {
    system.close();
  }
}
