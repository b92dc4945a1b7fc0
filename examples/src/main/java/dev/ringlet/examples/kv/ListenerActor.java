package dev.ringlet.examples.kv;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.io.IoSubscription;
import dev.ringlet.io.ListenOptions;
import dev.ringlet.io.TcpListener;
import dev.ringlet.io.TcpStream;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Accepts the connections of one executor. All listeners share the port, and the kernel spreads the
 * clients over them.
 */
final class ListenerActor implements Actor<ListenerMessage> {
  /** Connections that may be on their way here. */
  private static final int ACCEPT_WINDOW = 64;

  private final InetSocketAddress address;
  private final List<ActorRef<ShardMessage>> shards;
  private final CompletableFuture<Integer> bound;
  private @Nullable TcpListener listener;
  private @Nullable IoSubscription connections;
  private @Nullable ServerInfo server;

  /**
   * Creates one.
   *
   * @param address where to listen
   * @param shards where commands go, by shard
   * @param bound gets the port, or the failure
   */
  ListenerActor(
      InetSocketAddress address,
      List<ActorRef<ShardMessage>> shards,
      CompletableFuture<Integer> bound) {
    this.address = address;
    this.shards = shards;
    this.bound = bound;
  }

  @Override
  public void preStart(ActorContext<ListenerMessage> context) {
    context.pipe(
        context.io().listen(address, ListenOptions.defaults().withSharedPort()),
        ListenerMessage.Bound::new);
  }

  @Override
  public void receive(ListenerMessage message, ActorContext<ListenerMessage> context) {
    if (message instanceof ListenerMessage.Accepted accepted) {
      onAccepted(accepted.stream(), context);
    } else if (message instanceof ListenerMessage.Bound result) {
      onBound(result);
    } else if (message instanceof ListenerMessage.Serve serve) {
      onServe(serve.server(), context);
    } else if (message instanceof ListenerMessage.StopListening stop) {
      onStop(stop.replyTo(), context);
    } else if (message instanceof ListenerMessage.AcceptEnded) {
      context.log().log(Level.DEBUG, "{0}: no more connections are accepted", address);
    }
  }

  private void onBound(ListenerMessage.Bound result) {
    TcpListener opened = result.listener();
    if (opened == null) {
      bound.completeExceptionally(
          KvStartException.badSetting("--port " + address.getPort() + ": " + result.failure()));
      return;
    }
    listener = opened;
    bound.complete(opened.localAddress().getPort());
  }

  private void onServe(ServerInfo info, ActorContext<ListenerMessage> context) {
    TcpListener opened = listener;
    if (opened == null) {
      throw new IllegalStateException("the listener is not bound");
    }
    server = info;
    connections =
        context.subscribe(
            opened.connections(),
            ListenerMessage.Accepted::new,
            failure -> {
              if (failure != null) {
                context.log().log(Level.ERROR, "accepting has failed", failure);
              }
              return new ListenerMessage.AcceptEnded();
            },
            ACCEPT_WINDOW);
  }

  private void onAccepted(TcpStream stream, ActorContext<ListenerMessage> context) {
    ServerInfo info = server;
    if (info == null || connections == null) {
      throw new IllegalStateException("the listener does not serve yet");
    }
    context.spawn(() -> new ConnectionActor(stream, info, shards), ActorOptions.defaults());
    connections.request(1);
  }

  private void onStop(ActorRef<Boolean> replyTo, ActorContext<ListenerMessage> context) {
    if (connections != null) {
      connections.cancel();
    }
    TcpListener opened = listener;
    if (opened == null) {
      replyTo.tell(true);
      return;
    }
    context.await(opened.close(), (nothing, failure) -> replyTo.tell(failure == null));
  }
}
