package dev.ringlet.scheduler;

import dev.ringlet.io.BufferLeak;
import dev.ringlet.io.BufferLease;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.spi.BufferRecycler;
import java.lang.System.Logger.Level;
import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Finds buffers of one executor that became unreachable without being released. What is watched is
 * a second lease over the first: users have the second, the detector has the first, and releases it
 * when the second is released or found lost. So the pool, the driver and buffers that are not
 * watched know nothing of it.
 *
 * <p>Owner executor, but for {@link #poll}, {@link #watched} and {@link #leaked}: any thread.
 */
final class LeakDetector {
  private static final System.Logger LOG = System.getLogger(LeakDetector.class.getName());
  private static final int LOGGED_PER_SECOND = 1;
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** What stands on the stack above the place that wants the buffer. */
  private static final Set<String> INNER =
      Set.of(
          LeakDetector.class.getName(),
          CoreExecutor.class.getName(),
          BufferPool.class.getName(),
          ExecutorIo.class.getName(),
          Operation.class.getName());

  private final CoreExecutor executor;
  private final int oneIn;
  private final LogLimit limit;
  private final LongAdder leaked = new LongAdder();
  private final Set<Watched> watched = ConcurrentHashMap.newKeySet();
  private final ReferenceQueue<IoBuffer> unreachable = new ReferenceQueue<>();
  private int untilNext;
  private long numbers;
  private boolean looks;

  private LeakDetector(CoreExecutor executor, int oneIn) {
    this.executor = executor;
    this.oneIn = oneIn;
    this.limit =
        new LogLimit(LOGGED_PER_SECOND, TimeUnit.SECONDS.toNanos(1), executor.ticker().nanos());
    this.untilNext = next();
  }

  /** The detector; null if nothing is to be watched. */
  static @Nullable LeakDetector of(CoreExecutor executor, int oneIn) {
    return oneIn == 0 ? null : new LeakDetector(executor, oneIn);
  }

  /** At random, so that a program that leases in a pattern has no place that is never watched. */
  private int next() {
    return oneIn == 1 ? 1 : executor.system().random().nextInt(1, 2 * oneIn);
  }

  /**
   * Watches the lease, if it is its turn.
   *
   * @param origin what has leased it
   * @return what the user gets instead
   */
  IoBuffer sample(IoBuffer lease, Object origin) {
    if (--untilNext > 0) {
      return lease;
    }
    untilNext = next();
    poll();
    return watch(lease, origin);
  }

  private IoBuffer watch(IoBuffer lease, Object origin) {
    Return recycler = new Return();
    IoBuffer shown =
        new IoBuffer(lease.memory(), lease.offset(), lease.capacity(), recycler, lease.slot())
            .setIndex(lease.readerIndex(), lease.writerIndex());
    Watched record = new Watched(shown, lease, origin);
    recycler.watched = record;
    watched.add(record);
    return shown;
  }

  /**
   * Reports what has got lost and gives its memory back. Any thread.
   *
   * @return whether there was any
   */
  boolean poll() {
    boolean any = false;
    for (Reference<?> lost = unreachable.poll(); lost != null; lost = unreachable.poll()) {
      any |= ((Watched) lost).lost();
    }
    return any;
  }

  /** While operations wait for memory the executor may park, and the memory may have got lost. */
  void lookWhileOperationsWait() {
    if (!looks) {
      looks = true;
      executor.schedule(new Look(), LOOK_NANOS);
    }
  }

  /** Any thread. */
  long leaked() {
    return leaked.sum();
  }

  /** What is watched and out. Any thread. */
  List<BufferLease> watched() {
    return watched.stream()
        .sorted(Comparator.comparingLong(one -> one.number))
        .map(Watched::lease)
        .toList();
  }

  private void report(BufferLease lease) {
    leaked.increment();
    long silent = limit.take(executor.ticker().nanos());
    if (silent != LogLimit.SILENT) {
      log(lease, silent);
    }
    Events events = executor.system().events();
    if (events.areWanted(BufferLeak.class)) {
      events.publish(new BufferLeak(lease), null);
    }
  }

  private static void log(BufferLease lease, long silent) {
    Throwable place = new Throwable("it was leased here");
    place.setStackTrace(lease.place().toArray(new StackTraceElement[0]));
    try {
      LOG.log(
          Level.WARNING,
          "a buffer of "
              + lease.bytes()
              + " bytes from "
              + lease.operation()
              + (lease.actor().isEmpty() ? "" : " of " + lease.actor())
              + " got lost without release(); its memory was taken back"
              + (silent == 0 ? "" : "; " + silent + " before it were not logged"),
          place);
    } catch (RuntimeException noLog) {
      // The logger fails; the buffer is counted.
    }
  }

  private String actorOf(Object origin) {
    Object actor;
    if (origin instanceof Source source) {
      actor = source.owner();
    } else if (origin instanceof StreamSource<?> stream) {
      actor = stream.subscriber();
    } else {
      actor = executor.running();
    }
    return actor == null ? "" : actor.toString();
  }

  private final class Look extends Timer {
    @Override
    void fire() {
      poll();
      if (executor.buffers().waiting() > 0) {
        executor.schedule(this, LOOK_NANOS);
      } else {
        looks = false;
      }
    }
  }

  /** Hears of the release of what is watched. */
  private static final class Return implements BufferRecycler {
    private @Nullable Watched watched;

    @Override
    public void recycle(IoBuffer buffer) {
      try {
        Objects.requireNonNull(watched).released();
      } finally {
        // Else it might be found unreachable before it is known that it was released.
        Reference.reachabilityFence(buffer);
      }
    }
  }

  /** What is known of a lease; whoever takes it out of the set gives the memory back. */
  private final class Watched extends PhantomReference<IoBuffer> {
    private final long number = ++numbers;
    private final IoBuffer lease;
    private final String operation;
    private final String actor;

    /** The stack costs less as long as nobody reads it. */
    private final Throwable place = new Throwable();

    Watched(IoBuffer shown, IoBuffer lease, Object origin) {
      super(shown, unreachable);
      this.lease = lease;
      this.operation = origin.toString();
      this.actor = actorOf(origin);
    }

    void released() {
      if (watched.remove(this)) {
        clear();
        lease.release();
      }
    }

    boolean lost() {
      if (!watched.remove(this)) {
        return false;
      }
      report(lease());
      lease.release();
      return true;
    }

    BufferLease lease() {
      return new BufferLease(
          executor.index(), actor, operation, lease.capacity(), outer(place.getStackTrace()));
    }

    private List<StackTraceElement> outer(StackTraceElement[] stack) {
      int first = 0;
      while (first < stack.length && isInner(stack[first].getClassName())) {
        first++;
      }
      return List.of(stack).subList(first, stack.length);
    }

    private boolean isInner(String type) {
      int nested = type.indexOf('$');
      return INNER.contains(nested < 0 ? type : type.substring(0, nested));
    }
  }
}
