package dev.ringlet.examples.echo;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoException;
import dev.ringlet.io.IoSubscription;
import dev.ringlet.io.TcpStream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Sends back what one client sends, in the very buffers it came in. More is only asked for when the
 * kernel has taken what is under way, so a client that does not read is not read from.
 */
final class EchoConnection implements Actor<EchoConnection.Message> {
  /** Buffers under way between receive and send. */
  private static final int WINDOW = 4;

  /** What it is told. */
  sealed interface Message {}

  /**
   * Data has come.
   *
   * @param buffer to be sent back
   */
  record Received(IoBuffer buffer) implements Message {}

  /**
   * The kernel has taken a buffer, or refused it.
   *
   * @param failure null if it has taken it
   */
  record Sent(@Nullable IoException failure) implements Message {}

  /**
   * No more data comes.
   *
   * @param failure null if the client has ended its output
   */
  record Ended(@Nullable IoException failure) implements Message {}

  private final TcpStream stream;
  private @Nullable IoSubscription input;
  private int sending;
  private boolean ended;

  EchoConnection(TcpStream stream) {
    this.stream = stream;
  }

  @Override
  public void preStart(ActorContext<Message> context) {
    input = context.subscribe(stream.receive(), Received::new, Ended::new, WINDOW);
  }

  @Override
  public void receive(Message message, ActorContext<Message> context) {
    if (message instanceof Received received) {
      sending++;
      context.pipe(stream.send(received.buffer()), (count, failure) -> new Sent(failure));
    } else if (message instanceof Sent sent) {
      sending--;
      if (sent.failure() != null) {
        context.stop();
      } else if (!ended) {
        Objects.requireNonNull(input).request(1);
      }
    } else if (message instanceof Ended end) {
      ended = true;
      if (end.failure() != null) {
        context.stop();
      }
    }
    if (ended && sending == 0) {
      context.stop();
    }
  }

  @Override
  public void postStop(ActorContext<Message> context) {
    // The actor ends here, so nobody waits for the outcome.
    var unused = stream.close().toCompletionStage();
  }
}
