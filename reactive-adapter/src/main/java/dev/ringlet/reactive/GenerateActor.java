package dev.ringlet.reactive;

import dev.ringlet.actor.ActorContext;
import dev.ringlet.executor.ActorExecutor;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Steps a state once for each element that is asked for. The state is made with the first demand
 * and closed once, when the stream is over or the actor stops.
 */
final class GenerateActor<T, S> extends SubscriberActor<T> {
  private static final System.Logger LOG = System.getLogger(GenerateActor.class.getName());

  private final Generator<T, S> generator;
  private final StepSink<T> sink;

  /** Null before the first step, and once it is closed. */
  private @Nullable S state;

  GenerateActor(
      Generator<T, S> generator, ActorSubscription<T> subscription, ActorExecutor executor) {
    super(subscription, false);
    this.generator = generator;
    this.sink = new StepSink<>(subscription, executor);
  }

  @Override
  void onStart(ActorContext<Object> context) {
    // It waits for demand.
  }

  @Override
  void onRequest(long count, ActorContext<Object> context) {
    sink.grant(count);
    advance(context);
  }

  private void advance(ActorContext<Object> context) {
    try {
      for (int steps = 0; sink.demand() > 0; steps++) {
        if (steps > 0 && context.needPreempt()) {
          context.yield(() -> advance(context));
          return;
        }
        step();
      }
    } catch (RuntimeException thrown) {
      subscription.fail(thrown);
    } catch (Throwable thrown) {
      // For a continuation nobody else does.
      failed(thrown);
      throw thrown;
    }
  }

  private void step() {
    S current = state;
    if (current == null) {
      current =
          Objects.requireNonNull(
              generator.state().get(), "the supplier of the state gave null; give an object");
      state = current;
    }
    sink.beginStep();
    generator.step().accept(current, sink);
    sink.endStep();
  }

  @Override
  void onMessage(Object message, ActorContext<Object> context) {
    throw new AssertionError("nobody sends any");
  }

  @Override
  void onOver() {
    closeState();
  }

  @Override
  void onCancel(ActorContext<Object> context) {
    // The state is closed.
  }

  @Override
  public void postStop(ActorContext<Object> context) throws Exception {
    try {
      closeState();
    } finally {
      super.postStop(context);
    }
  }

  private void closeState() {
    S current = state;
    state = null;
    if (current == null) {
      return;
    }
    try {
      generator.close().accept(current);
    } catch (Throwable thrown) {
      Fatal.rethrow(thrown);
      LOG.log(
          System.Logger.Level.WARNING,
          "the close hook threw; the state of class "
              + current.getClass().getName()
              + " may be left open",
          thrown);
    }
  }
}
