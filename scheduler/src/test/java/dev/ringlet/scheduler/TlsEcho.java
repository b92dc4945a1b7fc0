package dev.ringlet.scheduler;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoException;
import dev.ringlet.io.IoSubscription;
import dev.ringlet.io.TcpStream;
import org.jspecify.annotations.Nullable;

/** Sends back what comes, a window of pieces at a time, and closes at the end. */
final class TlsEcho implements Actor<Object> {
  private static final String END = "end";
  private static final String SENT = "sent";
  private static final String FAILED = "failed";

  private final TcpStream stream;
  private final int window;
  private @Nullable IoSubscription input;
  private int sending;
  private boolean ended;

  TlsEcho(TcpStream stream, int window) {
    this.stream = stream;
    this.window = window;
  }

  @Override
  public void preStart(ActorContext<Object> context) {
    input = context.subscribe(stream.receive(), piece -> piece, failure -> END, window);
  }

  @Override
  public void receive(Object message, ActorContext<Object> context) {
    if (message instanceof IoBuffer piece) {
      sending++;
      context.pipe(stream.send(piece), TlsEcho::outcome);
    } else if (message == SENT) {
      sending--;
      if (!ended) {
        input.request(1);
      }
    } else if (message == FAILED) {
      sending--;
      ended = true;
    } else {
      ended = true;
    }
    if (ended && sending == 0) {
      context.stop();
    }
  }

  private static Object outcome(@Nullable Integer count, @Nullable IoException failure) {
    return failure == null ? SENT : FAILED;
  }

  @Override
  public void postStop(ActorContext<Object> context) {
    stream.close().toCompletionStage();
  }
}
