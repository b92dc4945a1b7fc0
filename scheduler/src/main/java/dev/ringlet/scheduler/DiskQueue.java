package dev.ringlet.scheduler;

import dev.ringlet.spi.Errno;

/**
 * Where operations on files wait while as many as the disk can use are with the driver: in the
 * order of the shares of their priority classes, as {@link ShareOrder} has it, and first in first
 * out within a class. An operation is charged with its {@link DiskCost} when it gets its place.
 *
 * <p>What the kernel has, it does in an order of its own, in which classes do not count; so it gets
 * no more than keeps the disk busy. While there are places an operation goes straight to the
 * driver, and is not charged: it takes nothing from anybody who waits. Hence what waits, waits for
 * a place: there is never a place free while something waits.
 *
 * <p>An operation keeps its place while it goes on after a short read or write. A class with a
 * latency bound whose first operation has waited for most of it is served out of turn, once.
 *
 * <p>One queue per executor, for whatever disks its files are on: which they are is not known here.
 * Sockets and delays do not wait here, because they end when others want it, so that places would
 * be held for ever; nor does opening, of which the least is done by the disk, and which the kernel
 * hands to threads of its own. Owner executor only, but for {@link #inFlight}.
 */
final class DiskQueue {
  private final int depth;
  private final PreemptFlag clock;
  private final ShareOrder<DiskAccount> order = new ShareOrder<>();
  private final Counter inFlight = new Counter();

  /**
   * Creates one.
   *
   * @param depth how many operations are with the driver at most
   * @param clock knows the time without looking
   */
  DiskQueue(int depth, PreemptFlag clock) {
    this.depth = depth;
    this.clock = clock;
  }

  int depth() {
    return depth;
  }

  /** Operations with the driver. Any thread. */
  long inFlight() {
    return inFlight.get();
  }

  /** Sees to it that the driver gets the operation, now or when its turn has come. */
  void submit(DiskOperation<?> op) {
    if (op.comesAfterClose()) {
      op.complete(-Errno.EBADF, null);
    } else if (inFlight.get() < depth) {
      place(op);
    } else {
      enqueue(op);
    }
  }

  private void place(DiskOperation<?> op) {
    inFlight.add(1);
    op.placed = true;
    try {
      op.toDriver();
    } catch (RuntimeException refused) {
      op.placed = false;
      inFlight.add(-1);
      throw refused;
    }
  }

  private void enqueue(DiskOperation<?> op) {
    DiskAccount account = op.account();
    long now = clock.lastLookNanos();
    account.add(op, now);
    op.waits = true;
    op.file().waits();
    if (!account.active) {
      order.enter(account, now);
    }
  }

  /** An operation is not with the driver any more, so there is a place. */
  void left() {
    inFlight.add(-1);
    while (!order.isEmpty() && inFlight.get() < depth) {
      startNext();
    }
  }

  private void startNext() {
    long now = clock.lastLookNanos();
    DiskAccount account = order.pick(null, now);
    DiskOperation<?> op = account.first();
    account.served(op, now);
    order.charge(account, DiskCost.of(op));
    dequeue(account, op);
    try {
      place(op);
    } catch (RuntimeException refused) {
      op.complete(-Errno.EINVAL, refused);
    }
    op.file().waitsNoMore();
  }

  private void dequeue(DiskAccount account, DiskOperation<?> op) {
    account.remove(op);
    op.waits = false;
    if (account.isEmpty()) {
      order.leave(account);
    }
  }

  /** It is to end without having had its turn. */
  void remove(DiskOperation<?> op) {
    dequeue(op.account(), op);
    op.file().waitsNoMore();
  }

  /** Ends all that waits; what is with the driver is the driver's to end. */
  void cancelAll() {
    while (!order.isEmpty()) {
      DiskOperation<?> op = order.get(0).first();
      remove(op);
      op.complete(-Errno.ECANCELED, null);
    }
  }
}
