package dev.ringlet.reactive;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * What an actor hears of a stream that it is subscribed to by {@link Subscribers#toActor}, or
 * stands in: elements, and after the last of them one {@link Completed} or {@link Failed}.
 *
 * @param <T> the type of the elements
 */
public sealed interface StreamSignal<T> extends ThroughSignal<T> {
  /**
   * An element on its way to the actor. It becomes the actor's when {@linkplain #take() taken}; one
   * that is never taken, because the actor stops before, is given back by {@linkplain
   * DemandOptions#withDiscard the discard hook}.
   *
   * <p><b>A turn that fails must not keep the element's place.</b> Under a supervision that lets
   * the actor go on, an element that the failed turn has left untaken, or taken and not {@linkplain
   * #acknowledge() acknowledged}, counts as not handled for ever: nobody can tell it from one that
   * the actor still works on. When all that may be asked for is lost like this, the upstream is not
   * asked any more. ({@linkplain DemandOptions#mailboxRoom By mailbox room} no place is lost, but
   * the untaken element is kept until the actor stops.) So handle it in a {@code try}, which
   * acknowledges it whatever happens:
   *
   * <pre>{@code
   * try (element) {
   *   store(element.take());
   * }
   * }</pre>
   *
   * <p>What is handled in several turns is acknowledged when the last of them ends or fails, and in
   * {@code preRestart} where the actor may be restarted meanwhile. {@link Processors#throughActor(
   * org.reactivestreams.Publisher, dev.ringlet.executor.ActorExecutor, java.util.function.Function,
   * DemandOptions)} does all this by itself.
   *
   * <p><b>Thread:</b> any thread.
   *
   * @param <T> the type of the elements
   */
  final class Element<T> implements StreamSignal<T>, AutoCloseable {
    private static final VarHandle VALUE;
    private static final VarHandle OPEN;

    static {
      try {
        MethodHandles.Lookup lookup = MethodHandles.lookup();
        VALUE = lookup.findVarHandle(Element.class, "value", Object.class);
        OPEN = lookup.findVarHandle(Element.class, "open", boolean.class);
      } catch (ReflectiveOperationException e) {
        throw new ExceptionInInitializerError(e);
      }
    }

    private final Intake<T> intake;

    /** Null once it is taken or given back. */
    private volatile @Nullable Object value;

    /** Not acknowledged yet. */
    @SuppressWarnings("unused") // through OPEN
    private volatile boolean open = true;

    Element(T value, Intake<T> intake) {
      this.value = value;
      this.intake = intake;
    }

    /**
     * Takes the element. With a {@linkplain DemandOptions#batch batch} it is then counted as used
     * up, so that the upstream is asked for more when enough of them are.
     *
     * @return the element; null if it was taken before, or was given back because the system closes
     */
    public @Nullable T take() {
      T taken = withdraw();
      if (taken != null) {
        intake.taken();
      }
      return taken;
    }

    /**
     * Says that the element was handled: with {@linkplain DemandOptions#acknowledged acknowledged}
     * elements the upstream is asked for one more. An element that was not taken is given back.
     * Does nothing the second time.
     */
    public void acknowledge() {
      if (OPEN.compareAndSet(this, true, false)) {
        T left = take();
        if (left != null) {
          intake.giveBack(left);
        }
        intake.acknowledged();
      }
    }

    /** Does what {@link #acknowledge} does, at the end of a {@code try}. */
    @Override
    public void close() {
      acknowledge();
    }

    /** Takes it without a word to anybody. */
    @SuppressWarnings("unchecked") // only the constructor writes a value
    @Nullable T withdraw() {
      return (T) VALUE.getAndSet(this, null);
    }

    /** Whether it was not acknowledged yet. */
    boolean isOpen() {
      return open;
    }

    /** Whether it is still on its way. */
    boolean waits() {
      return value != null;
    }

    @Override
    public String toString() {
      Object seen = value;
      return "Element[" + (seen == null ? "taken" : seen) + "]";
    }
  }

  /**
   * The stream has ended regularly.
   *
   * @param <T> the type of the elements
   */
  record Completed<T>() implements StreamSignal<T> {}

  /**
   * The stream has failed.
   *
   * @param failure what the upstream gave; {@link IllegalStateException} if it gave more elements
   *     than it was asked for
   * @param <T> the type of the elements
   */
  record Failed<T>(Throwable failure) implements StreamSignal<T> {}
}
