package dev.ringlet.examples.kv;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.RingletException;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoSubscription;
import dev.ringlet.io.TcpStream;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Serves one client: gives its commands to the shards and sends the answers in order. It lives on
 * the executor that accepted the connection.
 *
 * <p>What a client can make the server hold is bounded: with too much under way no more is read,
 * over the output limit the connection is closed.
 *
 * <pre>
 * OPEN      commands are taken
 *   | QUIT, a protocol error, or the end of input
 * DRAINING  what was taken is answered; further input is thrown away
 *   | all is sent: output is shut down, so that no reset overtakes the last reply
 * LINGERING until the client closes, too
 *   | also from every phase after a failure, over the output limit, without progress
 * CLOSED    ends when the socket is closed and every shard has answered
 * </pre>
 */
final class ConnectionActor implements Actor<ConnectionMessage> {
  private enum Phase {
    OPEN,
    DRAINING,
    LINGERING,
    CLOSED
  }

  private static final ConnectionMessage SOCKET_CLOSED = new ConnectionMessage.SocketClosed();
  private static final ConnectionMessage NO_PROGRESS = new ConnectionMessage.NoProgress();

  /** Pieces of input that may be on their way here; each takes one of the executor's buffers. */
  private static final int RECEIVE_WINDOW = 4;

  /** How long a client whose connection is ending may take nothing before it is cut off. */
  private static final Duration LINGER = Duration.ofSeconds(5);

  private final TcpStream stream;
  private final ServerInfo server;
  private final List<ActorRef<ShardMessage>> shards;
  private final Session session;
  private final Output output = new Output();
  private @Nullable Intake intake;
  private @Nullable IoSubscription input;
  private Phase phase = Phase.OPEN;
  private int owedDemand;
  private boolean inputEnded;
  private boolean sending;
  private boolean socketClosed;

  ConnectionActor(TcpStream stream, ServerInfo server, List<ActorRef<ShardMessage>> shards) {
    this.stream = stream;
    this.server = server;
    this.shards = shards;
    this.session = new Session(server, remoteAddress(stream));
  }

  private static String remoteAddress(TcpStream stream) {
    try {
      InetSocketAddress address = stream.remoteAddress();
      return address.getAddress().getHostAddress() + ":" + address.getPort();
    } catch (RingletException reset) {
      // The client was faster than we; the first receive will report it.
      return "?:0";
    }
  }

  @Override
  public void preStart(ActorContext<ConnectionMessage> context) {
    server.clients().add(session);
    intake = new Intake(session, output, context.self(), shards);
    input =
        context.subscribe(
            stream.receive(),
            ConnectionMessage.Received::new,
            ConnectionMessage.InputEnded::new,
            RECEIVE_WINDOW);
    if (server.clients().count() > server.config().maxClients()) {
      output.replies().add(Errors.MAX_CLIENTS);
      session.close();
    }
    proceed(context);
  }

  @Override
  public void postStop(ActorContext<ConnectionMessage> context) {
    server.clients().remove(session);
    if (phase != Phase.CLOSED) {
      // The system stops, or this actor has failed: there is nobody left to wait for the outcome.
      var unused = stream.close().toCompletionStage();
    }
  }

  private Intake intake() {
    return Objects.requireNonNull(intake);
  }

  @Override
  public void receive(ConnectionMessage message, ActorContext<ConnectionMessage> context) {
    if (message instanceof ConnectionMessage.Received received) {
      onReceived(received.buffer());
    } else if (message instanceof ShardBatch batch) {
      intake().answered(batch);
    } else if (message instanceof ConnectionMessage.Sent sent) {
      onSent(sent, context);
    } else if (message instanceof ConnectionMessage.InputEnded end) {
      inputEnded = true;
      if (end.failure() != null) {
        close(context);
      }
    } else if (message instanceof ConnectionMessage.NoProgress) {
      close(context);
    } else if (message instanceof ConnectionMessage.SocketClosed) {
      socketClosed = true;
    }
    proceed(context);
  }

  private void onReceived(IoBuffer buffer) {
    try {
      if (phase == Phase.OPEN) {
        intake().accept(buffer.readable());
      }
    } finally {
      buffer.release();
    }
    owedDemand++;
  }

  private void onSent(ConnectionMessage.Sent sent, ActorContext<ConnectionMessage> context) {
    sending = false;
    if (sent.failure() != null) {
      close(context);
      return;
    }
    output.sent(sent.bytes());
    if (phase != Phase.OPEN) {
      restartLinger(context);
    }
  }

  /** What has to be done next, after whatever has happened. */
  private void proceed(ActorContext<ConnectionMessage> context) {
    if (phase == Phase.OPEN) {
      intake().resume();
      if (session.isClosing() || (inputEnded && intake().isEmpty())) {
        drain(context);
      }
    }
    if (phase != Phase.CLOSED) {
      send(context);
    }
    if (phase == Phase.DRAINING && !sending && output.isEmpty()) {
      shutDownOutput(context);
    }
    if (phase == Phase.LINGERING && inputEnded) {
      close(context);
    }
    requestInput();
    if (phase == Phase.CLOSED && socketClosed && !sending && intake().batchesOut() == 0) {
      context.stop();
    }
  }

  private void drain(ActorContext<ConnectionMessage> context) {
    phase = Phase.DRAINING;
    intake().clear();
    restartLinger(context);
  }

  private void restartLinger(ActorContext<ConnectionMessage> context) {
    context.timers().once(NO_PROGRESS, LINGER, NO_PROGRESS);
  }

  private void send(ActorContext<ConnectionMessage> context) {
    if (output.pendingBytes() > server.config().outputLimitBytes()) {
      context.log().log(
          Level.WARNING,
          "client does not read, it is disconnected: {0}; bytes of replies waiting: {1}",
          session.describe(),
          Long.toString(output.pendingBytes()));
      close(context);
      return;
    }
    IoBuffer buffer = sending ? null : output.next(context.io());
    if (buffer != null) {
      sending = true;
      int bytes = buffer.readableBytes();
      context.pipe(
          stream.send(buffer), (count, failure) -> new ConnectionMessage.Sent(bytes, failure));
    }
  }

  private void shutDownOutput(ActorContext<ConnectionMessage> context) {
    phase = Phase.LINGERING;
    if (!inputEnded) {
      sending = true;
      context.pipe(
          stream.shutdownOutput(), (nothing, failure) -> new ConnectionMessage.Sent(0, failure));
    }
  }

  private void requestInput() {
    boolean wanted = phase == Phase.OPEN ? intake().isEmpty() && intake().isOpen() : true;
    if (wanted && phase != Phase.CLOSED && owedDemand > 0 && !inputEnded) {
      Objects.requireNonNull(input).request(owedDemand);
      owedDemand = 0;
    }
  }

  private void close(ActorContext<ConnectionMessage> context) {
    if (phase == Phase.CLOSED) {
      return;
    }
    phase = Phase.CLOSED;
    intake().clear();
    Objects.requireNonNull(input).cancel();
    context.timers().cancel(NO_PROGRESS);
    context.pipe(stream.close(), (nothing, failure) -> SOCKET_CLOSED);
  }
}
