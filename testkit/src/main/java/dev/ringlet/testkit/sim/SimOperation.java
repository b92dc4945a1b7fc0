package dev.ringlet.testkit.sim;

import dev.ringlet.io.IoBuffer;
import dev.ringlet.spi.Errno;
import dev.ringlet.spi.IoHandle;
import dev.ringlet.spi.IoRequest;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A request on its way through the simulated kernel. The simulation's thread.
 *
 * <pre>
 * phase     goes to   by
 * QUEUED    STARTED   the flush that the kernel sees it with
 *           ENDED     a cancel before that
 * STARTED   ENDED     {@link #end}, or a cancel
 * </pre>
 *
 * What it comes to is visible to the driver's poll some time after it was told here.
 */
final class SimOperation {
  private enum Phase {
    QUEUED,
    STARTED,
    ENDED
  }

  final SimDriver driver;
  final IoRequest request;

  /** For the trace: the number among all of its world. */
  final long number;

  private Phase phase = Phase.QUEUED;
  private ByteBuffer[] memory = {};
  private long checksum;
  private long changesBefore;
  private int boot;
  private boolean cancelled;

  /** When the last completion that was put off is seen. */
  private long lastCompletionNanos = -1;

  /** How many of its completions are not visible yet. */
  private int unseen;

  private @Nullable Runnable onCancel;

  /** What SEND_DESCRIPTOR passes, held from the submission on. */
  private @Nullable SimDescription passed;

  SimOperation(SimDriver driver, IoRequest request, long number) {
    this.driver = driver;
    this.request = request;
    this.number = number;
  }

  SimHandle handle() {
    IoHandle handle = request.handle;
    if (handle instanceof SimHandle ours) {
      return ours;
    }
    throw new IllegalArgumentException("handle: " + handle + " is not of the simulated kernel");
  }

  void passes(SimDescription description) {
    description.retain();
    passed = description;
  }

  /** Whether there is something to pass. */
  boolean passes() {
    return passed != null;
  }

  /** The caller holds it now. */
  @Nullable SimDescription takePassed() {
    SimDescription taken = passed;
    passed = null;
    return taken;
  }

  boolean isQueued() {
    return phase == Phase.QUEUED;
  }

  boolean isEnded() {
    return phase == Phase.ENDED;
  }

  /** Whether an early end was asked for; what cannot be cancelled may go on. */
  boolean isCancelled() {
    return cancelled;
  }

  void started() {
    phase = Phase.STARTED;
  }

  /** The kernel sees it: takes over what it names, and notes how far the disk has come. */
  void seen(SimDisk disk) {
    memory = SimMemory.seen(request);
    checksum = SimMemory.checksum(memory);
    changesBefore = disk.changes();
    boot = disk.boot();
  }

  /** Where its bytes are, from {@link #seen} on. */
  ByteBuffer[] memory() {
    return memory;
  }

  /** Whether bytes that it is to write or send are not what they were when it was seen. */
  boolean hasOtherBytes() {
    return SimMemory.isRead(request.opcode) && SimMemory.checksum(memory) != checksum;
  }

  /** Whether memory that it is to fill or to take bytes from may have another user by now. */
  boolean hasReleasedBuffer() {
    if (memory.length == 0) {
      return false;
    }
    IoBuffer buffer = request.buffer;
    boolean released = buffer != null && buffer.isReleased();
    for (IoBuffer one : request.buffers) {
      released |= one.isReleased();
    }
    return released;
  }

  /** The last change of the disk that came before it. */
  long changesBefore() {
    return changesBefore;
  }

  /** Whether the power was lost since. */
  boolean isOfEarlierBoot(SimDisk disk) {
    return boot != disk.boot();
  }

  /**
   * What a cancel does while the kernel has it: leaves the line that it waits in, and ends it or
   * not. Without it a cancel has no effect.
   */
  void onCancel(@Nullable Runnable action) {
    onCancel = action;
    if (cancelled && action != null && !isEnded()) {
      action.run();
    }
  }

  void cancel() {
    if (cancelled || isEnded()) {
      return;
    }
    cancelled = true;
    driver.world().trace("cancel", this);
    if (onCancel != null) {
      onCancel.run();
    }
  }

  /** How long its next completion takes, which comes after those before it. */
  long completesAfter(long nowNanos, long wantedNanos) {
    long after = wantedNanos;
    if (unseen > 0) {
      // The one before may be due now.
      after = Math.max(Math.max(1, after), lastCompletionNanos - nowNanos + 1);
    }
    lastCompletionNanos = nowNanos + after;
    return after;
  }

  /** One of its completions is on its way. */
  void delayed() {
    unseen++;
  }

  void shown() {
    unseen--;
  }

  /** One completion of several. */
  void more(int result, @Nullable Object payload) {
    driver.completed(this, result, payload, true);
  }

  /** The last completion. */
  void end(int result, @Nullable Object payload) {
    if (isEnded()) {
      throw new AssertionError(this + " ends a second time, with " + result);
    }
    phase = Phase.ENDED;
    onCancel = null;
    SimDescription unsent = takePassed();
    if (unsent != null) {
      unsent.release(false);
    }
    driver.completed(this, result, payload, false);
  }

  void end(int result) {
    end(result, null);
  }

  /** The last completion, a failure. */
  void fail(int errno) {
    end(-errno, null);
  }

  void endCancelled() {
    fail(Errno.ECANCELED);
  }

  @Override
  public String toString() {
    return request.opcode + " #" + number;
  }
}
