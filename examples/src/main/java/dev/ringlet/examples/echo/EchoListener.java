package dev.ringlet.examples.echo;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.io.IoException;
import dev.ringlet.io.IoSubscription;
import dev.ringlet.io.ListenOptions;
import dev.ringlet.io.TcpListener;
import dev.ringlet.io.TcpStream;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Accepts connections on one executor and spawns an {@link EchoConnection} for each. */
final class EchoListener implements Actor<EchoListener.Message> {
  /** Connections that may be on their way here. */
  private static final int WINDOW = 64;

  /** What it is told. */
  sealed interface Message {}

  /**
   * Binding has ended.
   *
   * @param listener null if it has failed
   * @param failure why
   */
  record Bound(@Nullable TcpListener listener, @Nullable IoException failure) implements Message {}

  /**
   * A client has connected.
   *
   * @param stream the connection
   */
  record Accepted(TcpStream stream) implements Message {}

  private final InetSocketAddress address;
  private final CompletableFuture<Integer> bound;
  private @Nullable IoSubscription connections;

  /**
   * Creates one.
   *
   * @param address where to listen
   * @param bound gets the port, or the failure
   */
  EchoListener(InetSocketAddress address, CompletableFuture<Integer> bound) {
    this.address = address;
    this.bound = bound;
  }

  @Override
  public void preStart(ActorContext<Message> context) {
    context.pipe(
        context.io().listen(address, ListenOptions.defaults().withSharedPort()), Bound::new);
  }

  @Override
  public void receive(Message message, ActorContext<Message> context) {
    if (message instanceof Accepted accepted) {
      TcpStream stream = accepted.stream();
      context.spawn(() -> new EchoConnection(stream), ActorOptions.defaults());
      Objects.requireNonNull(connections).request(1);
    } else if (message instanceof Bound result) {
      onBound(result, context);
    }
  }

  private void onBound(Bound result, ActorContext<Message> context) {
    TcpListener listener = result.listener();
    if (listener == null) {
      bound.completeExceptionally(Objects.requireNonNull(result.failure()));
      return;
    }
    connections = context.subscribe(listener.connections(), Accepted::new, WINDOW);
    bound.complete(listener.localAddress().getPort());
  }
}
