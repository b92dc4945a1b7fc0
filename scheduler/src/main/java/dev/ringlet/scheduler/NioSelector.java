package dev.ringlet.scheduler;

import dev.ringlet.spi.IoHandle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The selector, the sockets it found ready, and the waking of a parked owner.
 *
 * <p>Waking: who has something for the owner makes it visible first and then reads {@link #parked};
 * the owner stores {@code parked} and then looks for something to do. Both are volatile, so in
 * every order at least one side sees the other (Dekker), and nobody pays for waking an owner that
 * runs. {@link #wakeup} leaves a mark of its own, since a select that does not wait would use up
 * the selector's.
 *
 * <p>Owner executor only, but for {@link #wakeup}, {@link #signal}, {@link #anyReady} and {@link
 * #enters}.
 */
final class NioSelector {
  private static final long NANOS_PER_MILLI = TimeUnit.MILLISECONDS.toNanos(1);

  /** How long sockets are not looked at while the owner waits for less than a millisecond. */
  private static final long BLIND_NANOS = 100_000;

  private final Selector selector;
  private final Thread owner = Thread.currentThread();
  private final NioCompletions completions;
  private final ArrayDeque<NioSocketHandle> ready = new ArrayDeque<>();
  private final ArrayDeque<NioOperation> closes = new ArrayDeque<>();
  private final Consumer<SelectionKey> onSelected = this::selected;
  private final Counter waiting = new Counter();
  private final Counter enters = new Counter();

  /** Sockets that wait for something in the kernel. */
  private int armed;

  /** Closed channels keep their descriptor until the next select. */
  private boolean closedSinceSelect;

  private boolean selectedSincePoll;

  /** How the owner waits, for those who wake it. */
  private volatile Park parked = Park.NOT;

  private volatile boolean wakeupAsked;

  private enum Park {
    NOT,
    IN_SELECT,

    /** For less than a selector can wait. */
    IN_PARK
  }

  NioSelector(Selector selector, NioCompletions completions) {
    this.selector = selector;
    this.completions = completions;
  }

  /** Any thread: whether sockets wait to be worked on. */
  boolean anyReady() {
    return waiting.get() > 0;
  }

  /** Any thread: how often the kernel was asked. */
  long enters() {
    return enters.get();
  }

  SelectionKey register(SelectableChannel channel, IoHandle handle) throws IOException {
    channel.configureBlocking(false);
    return channel.register(selector, 0, handle);
  }

  /** Tells how many sockets wait in the kernel: one more or one less. */
  void armedChanged(int difference) {
    armed += difference;
  }

  /** Puts a socket in line to be worked on, once. */
  void ready(NioSocketHandle handle, int operations) {
    if (handle.addReady(operations)) {
      ready.add(handle);
      waiting.add(1);
    }
  }

  @Nullable NioSocketHandle nextReady() {
    NioSocketHandle handle = ready.poll();
    if (handle != null) {
      waiting.add(-1);
    }
    return handle;
  }

  /** A channel was closed; its descriptor goes with the next select. */
  void channelClosed() {
    closedSinceSelect = true;
  }

  /** Ends a close with zero as soon as the descriptor is gone. */
  void closedBy(NioOperation close) {
    closedSinceSelect = true;
    closes.add(close);
    waiting.add(1);
  }

  /** Looks without waiting, if there is anything to look for. */
  void selectNow() {
    if (armed == 0 && !closedSinceSelect) {
      return;
    }
    enters.add(1);
    try {
      selector.selectNow(onSelected);
    } catch (IOException e) {
      throw new UncheckedIOException("select", e);
    }
    afterSelect();
  }

  /** For {@link NioDriver#poll}: looks only if nobody has since the last poll. */
  void selectNowUnlessDone() {
    if (!selectedSincePoll || closedSinceSelect) {
      selectNow();
    }
    selectedSincePoll = false;
  }

  /**
   * Waits until a socket is ready, somebody wakes the owner, or the time is over.
   *
   * @param timeoutNanos zero does not wait, {@link Long#MAX_VALUE} is without limit
   * @param somethingToDo asked after others can see that the owner is about to wait
   */
  void park(long timeoutNanos, BooleanSupplier somethingToDo) {
    long start = System.nanoTime();
    try {
      parked = Park.IN_SELECT;
      if (timeoutNanos <= 0 || mayNotWait(somethingToDo)) {
        selectNow();
        return;
      }
      if (timeoutNanos >= NANOS_PER_MILLI) {
        select(timeoutNanos);
      }
      parkForTheRest(timeoutNanos - (System.nanoTime() - start), somethingToDo);
    } finally {
      parked = Park.NOT;
      wakeupAsked = false;
    }
  }

  private boolean mayNotWait(BooleanSupplier somethingToDo) {
    return wakeupAsked || closedSinceSelect || somethingToDo.getAsBoolean();
  }

  /** A selector waits for whole milliseconds. */
  private void parkForTheRest(long nanos, BooleanSupplier somethingToDo) {
    if (nanos <= 0 || nanos >= NANOS_PER_MILLI) {
      return;
    }
    parked = Park.IN_PARK;
    if (!mayNotWait(somethingToDo)) {
      LockSupport.parkNanos(armed == 0 ? nanos : Math.min(nanos, BLIND_NANOS));
    }
  }

  /**
   * An interrupted thread would not wait at all, in this park and all to come; the interrupt
   * belongs to the owner's code and is kept for it.
   */
  private void select(long timeoutNanos) {
    boolean interrupted = Thread.interrupted();
    enters.add(1);
    try {
      // Zero means no limit.
      selector.select(
          onSelected, timeoutNanos == Long.MAX_VALUE ? 0 : timeoutNanos / NANOS_PER_MILLI);
    } catch (IOException e) {
      throw new UncheckedIOException("select", e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
    afterSelect();
  }

  private void afterSelect() {
    closedSinceSelect = false;
    selectedSincePoll = true;
    for (NioOperation close = closes.poll(); close != null; close = closes.poll()) {
      waiting.add(-1);
      completions.end(close, 0, null);
    }
  }

  private void selected(SelectionKey key) {
    ready((NioSocketHandle) key.attachment(), key.readyOps());
  }

  /** Any thread: ends the present or next park. */
  void wakeup() {
    wakeupAsked = true;
    signal();
  }

  /**
   * Any thread: ends the present park, if there is one; something to do was made visible before.
   */
  void signal() {
    switch (parked) {
      case NOT -> {}
      case IN_SELECT -> selector.wakeup();
      case IN_PARK -> LockSupport.unpark(owner);
    }
  }

  void close() {
    try {
      selector.close();
    } catch (IOException e) {
      throw new UncheckedIOException("closing the selector", e);
    }
  }
}
