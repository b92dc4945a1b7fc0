package dev.ringlet.examples.kv;

import dev.ringlet.actor.ActorRef;
import dev.ringlet.io.IoException;
import dev.ringlet.io.TcpListener;
import dev.ringlet.io.TcpStream;
import org.jspecify.annotations.Nullable;

/** What a {@link ListenerActor} is told. */
sealed interface ListenerMessage {
  /**
   * Binding has ended.
   *
   * @param listener null if it has failed
   * @param failure why
   */
  record Bound(@Nullable TcpListener listener, @Nullable IoException failure)
      implements ListenerMessage {}

  /**
   * Accept connections from now on.
   *
   * @param server what they tell clients
   */
  record Serve(ServerInfo server) implements ListenerMessage {}

  /**
   * A client has connected.
   *
   * @param stream to be closed
   */
  record Accepted(TcpStream stream) implements ListenerMessage {}

  /** No more connections come. */
  record AcceptEnded() implements ListenerMessage {}

  /**
   * Accept no more.
   *
   * @param replyTo told when the port is closed
   */
  record StopListening(ActorRef<Boolean> replyTo) implements ListenerMessage {}
}
