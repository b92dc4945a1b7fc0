package dev.ringlet.reactive;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.RingletException;
import dev.ringlet.io.BufferMemoryException;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoException;
import dev.ringlet.io.IoOp;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Writes the elements of an upstream to an output, asks for more as the output takes them, and
 * tells the result when the last operation has ended.
 *
 * <pre>
 * FLOWING   elements are taken and written
 * DRAINED   the upstream has ended, and the last element was taken; writes are under way
 * BROKEN    cancelled, or something has failed: what waited was given back
 * ENDING    the output is being ended: from DRAINED after the last write, from BROKEN at once
 * OVER      the result was told; the last letters are to come
 * </pre>
 */
final class WritingActor<T> implements Actor<Object> {
  private enum Phase {
    FLOWING,
    DRAINED,
    BROKEN,
    ENDING,
    OVER
  }

  private static final String STOPPED_EARLY =
      ": the actor stopped before all was written; usually because the system was closed";

  private final Writing<T> writing;
  private final Target target;
  private final Inlet<T> inlet;
  private final WriteWindow window;
  private final Batch<T> batch;
  private final WriteOutcome outcome = new WriteOutcome();

  /** Memory for the batch, while it is waited for. */
  private @Nullable IoOp<IoBuffer> lease;

  /** Whose outcome has not come. */
  private int operations;

  private Phase phase = Phase.FLOWING;
  private boolean owner;

  /** What must arrive before this actor stops, or it would become a dead letter. */
  private int letters = 1;

  WritingActor(Writing<T> writing) {
    this.writing = writing;
    this.target = writing.target();
    this.inlet = writing.inlet();
    this.window = new WriteWindow(writing.options());
    this.batch = writing.options().batch(target.maxBuffers(), inlet);
  }

  @Override
  public void preStart(ActorContext<Object> context) {
    owner = writing.own();
    if (!owner) {
      context.stop();
      return;
    }
    writing.waker().start(context.self());
    look(context);
  }

  @Override
  public void receive(Object message, ActorContext<Object> context) {
    if (message instanceof Write write) {
      onWritten(write);
    } else if (message instanceof Leased leased) {
      onLeased(leased, context);
    } else if (message instanceof Ended ended) {
      onEnded(ended);
    } else if (message == Waker.Look.LOOK && phase != Phase.OVER) {
      writing.waker().heard();
    } else {
      if (message instanceof SubscriberActor.Greeting greeting) {
        greeting.replyTo().tell(greeting);
      }
      letters--;
    }
    look(context);
  }

  private void look(ActorContext<Object> context) {
    if (phase.compareTo(Phase.BROKEN) < 0 && writing.cancelled().get()) {
      breakOff(new CancellationException("the stream to the output was cancelled"));
    }
    if (phase == Phase.FLOWING) {
      inlet.cancelIfOverflown();
      ask();
      write(context);
    }
    if (phase == Phase.BROKEN || (phase == Phase.DRAINED && operations == 0)) {
      end(context);
    }
    if (phase == Phase.ENDING && operations == 0) {
      finish();
    }
    if (phase == Phase.OVER && letters == 0) {
      context.stop();
    }
  }

  private void ask() {
    long more = inlet.isSubscribed() ? window.open() : 0;
    if (more > 0) {
      try {
        inlet.request(more);
      } catch (Throwable thrown) { // rule 3.16
        breakOff(thrown);
      }
    }
  }

  /** Writes what waits, until the output takes no more or the core is wanted by others. */
  private void write(ActorContext<Object> context) {
    while (phase == Phase.FLOWING && lease == null && operations < target.maxWrites()) {
      try {
        batch.fill(context);
        if (batch.elements() == 0) {
          drainedIfDone();
          return;
        }
        writeBatch(context);
      } catch (Throwable thrown) {
        breakOff(thrown);
      }
      if (context.needPreempt()) {
        writing.waker().wake();
        return;
      }
    }
  }

  private void drainedIfDone() {
    if (inlet.isDone()) {
      phase = Phase.DRAINED;
      outcome.failed(inlet.failure());
      inlet.close();
    }
  }

  private void writeBatch(ActorContext<Object> context) {
    int memory = batch.memory();
    IoBuffer buffer = null;
    if (memory > 0) {
      try {
        buffer = context.io().buffer(memory);
      } catch (BufferMemoryException exhausted) {
        IoOp<IoBuffer> waiting = context.io().bufferWhenFree(memory);
        start(waiting, Leased::new, context);
        lease = waiting;
        return;
      }
    }
    writeBatch(buffer, context);
  }

  private void writeBatch(@Nullable IoBuffer memory, ActorContext<Object> context) {
    int elements = batch.elements();
    List<IoBuffer> buffers = batch.seal(memory);
    long bytes = 0;
    for (IoBuffer buffer : buffers) {
      bytes += buffer.readableBytes();
    }
    window.writing(elements, bytes);
    if (bytes > 0) {
      start(writeOf(buffers), new Write(elements, bytes), context);
    } else {
      window.written(elements);
      ask();
    }
  }

  private IoOp<?> writeOf(List<IoBuffer> buffers) {
    try {
      return target.write(buffers);
    } catch (RuntimeException refused) {
      buffers.forEach(IoBuffer::release);
      throw refused;
    }
  }

  private void onLeased(Leased leased, ActorContext<Object> context) {
    operations--;
    lease = null;
    IoBuffer buffer = leased.buffer();
    if (buffer == null) {
      breakOff(leased.failure());
    } else if (phase != Phase.FLOWING) {
      buffer.release();
    } else {
      try {
        writeBatch(buffer, context);
      } catch (Throwable thrown) {
        breakOff(thrown);
      }
    }
  }

  private void onWritten(Write write) {
    operations--;
    IoException failure = write.failure();
    if (failure == null) {
      window.written(write.elements());
      outcome.written(write.bytes());
    } else {
      outcome.outputFailed(failure);
      breakOff(failure);
    }
  }

  private <V> void start(
      IoOp<V> op,
      BiFunction<? super @Nullable V, ? super @Nullable IoException, ?> message,
      ActorContext<Object> context) {
    try {
      context.<V>pipe(op, message);
    } catch (RuntimeException refused) {
      // So it gives back what it was given.
      op.cancel();
      throw refused;
    }
    operations++;
  }

  /** Takes no element any more, gives back those that wait, and ends the upstream. */
  private void breakOff(@Nullable Throwable cause) {
    Fatal.rethrow(cause);
    if (phase.compareTo(Phase.BROKEN) >= 0) {
      return;
    }
    phase = Phase.BROKEN;
    outcome.failed(cause);
    inlet.close();
    batch.giveBack();
    IoOp<IoBuffer> waiting = lease;
    if (waiting != null) {
      waiting.cancel();
    }
  }

  private void end(ActorContext<Object> context) {
    phase = Phase.ENDING;
    try {
      IoOp<?> end = target.end(outcome.isRegular());
      if (end != null) {
        start(end, Ended::new, context);
      }
    } catch (RuntimeException refused) {
      outcome.failed(refused);
    }
  }

  private void onEnded(Ended ended) {
    operations--;
    IoException failure = ended.failure();
    if (failure != null) {
      outcome.outputFailed(failure);
    }
  }

  private void finish() {
    phase = Phase.OVER;
    if (writing.waker().close()) {
      letters++;
    }
    outcome.tell(writing.result());
  }

  @Override
  public void postStop(ActorContext<Object> context) {
    if (owner && phase != Phase.OVER) {
      outcome.failed(new RingletException(context.self().path() + STOPPED_EARLY));
      try {
        inlet.close();
        boolean unused = writing.waker().close();
        batch.giveBack();
      } finally {
        outcome.tell(writing.result());
      }
    }
  }

  private record Leased(@Nullable IoBuffer buffer, @Nullable IoException failure) {}

  private record Ended(@Nullable Object nothing, @Nullable IoException failure) {}
}
