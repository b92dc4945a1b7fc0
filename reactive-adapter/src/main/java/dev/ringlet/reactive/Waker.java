package dev.ringlet.reactive;

import dev.ringlet.actor.ActorRef;
import dev.ringlet.spi.Uncarried;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Has an actor look at what others have left for it, by at most one message at a time. Whoever
 * leaves something does so by a volatile write, or by any on the actor's own thread, and then
 * wakes; the actor hears and then looks. So either the actor finds it in the look that goes on, or
 * a further message comes. Any thread, but for what says otherwise.
 *
 * <pre>
 * state   goes to   by
 * SENT    IDLE      actor, before it looks; also the first state, for the look when it starts
 *         CLOSED    actor, when it ends: one more message comes, unless it has not started
 * IDLE    SENT      who wakes, and sends the message
 *         CLOSED    actor, when it ends: no message comes any more
 * CLOSED            final
 * </pre>
 */
final class Waker {
  private static final int IDLE = 0;
  private static final int SENT = 1;
  private static final int CLOSED = 2;

  private final AtomicInteger state = new AtomicInteger(SENT);

  /** Written before the state becomes IDLE for the first time. */
  private @Nullable ActorRef<Object> actor;

  /** The actor's thread; any other one that reads it finds that it is not its own. */
  private @Nullable Thread home;

  /** Whom to wake; it looks right after this. Actor only. */
  void start(ActorRef<Object> self) {
    actor = self;
    home = Thread.currentThread();
    heard();
  }

  /** Whether this is the actor's thread, so that what is written here is seen when it looks. */
  boolean isHome() {
    return Thread.currentThread() == home;
  }

  /** Has the actor look, now or soon. */
  void wake() {
    if (state.get() == IDLE && state.compareAndSet(IDLE, SENT)) {
      Objects.requireNonNull(actor).tell(Look.LOOK);
    }
  }

  /** The message has come. Actor only, which looks right after this. */
  void heard() {
    // False when closed: then there is nothing to look at.
    boolean unused = state.compareAndSet(SENT, IDLE);
  }

  /** No message is sent any more; true, once, if one is on its way. Actor only. */
  boolean close() {
    return state.getAndSet(CLOSED) == SENT && actor != null;
  }

  /** Tells the actor to look; what there is comes from other threads than the one that wakes. */
  enum Look implements Uncarried {
    LOOK
  }
}
