package dev.ringlet.scheduler;

import dev.ringlet.executor.Latency;
import dev.ringlet.executor.PriorityClass;
import dev.ringlet.executor.Shares;
import java.lang.System.Logger.Level;

/**
 * What one priority class has used of something that executors give out by shares, on one executor:
 * of the core, or of the disk. Owner executor only, but for what is final and for {@link
 * #sharesAsSeen}; made by any thread.
 */
abstract class ShareAccount {
  private static final System.Logger LOG = System.getLogger(ShareAccount.class.getName());

  private final PriorityClass priorityClass;
  private final long boundNanos;

  /** What it has used, the more the fewer shares it has. */
  long vruntime;

  /** Whether it wants something now, so that it stands in the {@link ShareOrder}. */
  boolean active;

  /** Has a latency bound, became active, and was not picked since. */
  boolean awaited;

  /** Since when it wants something: it became active, or got a part, then. */
  long sinceNanos;

  private int shares;
  private long weight;
  private boolean sharesRead;
  private long sharesReadNanos;
  private boolean supplierFailed;
  private final Counter sharesNow = new Counter();

  ShareAccount(PriorityClass priorityClass) {
    this.priorityClass = priorityClass;
    this.boundNanos = priorityClass.latency().boundNanos();
    weigh(priorityClass.shares().isDynamic() ? Shares.MAX : priorityClass.shares().count());
  }

  final PriorityClass priorityClass() {
    return priorityClass;
  }

  /** Whether the class has a latency bound. Any thread. */
  final boolean urgent() {
    return boundNanos != Latency.notImportant().boundNanos();
  }

  final long boundNanos() {
    return boundNanos;
  }

  final int shares() {
    return shares;
  }

  /** Any thread. */
  final int sharesAsSeen() {
    return (int) sharesNow.get();
  }

  /**
   * The last time at which it must be picked if it is {@link #awaited}, to be served within its
   * bound.
   */
  final long dueNanos() {
    return sinceNanos + boundNanos - boundNanos / 4;
  }

  /** What an amount counts: with 1000 shares about 1 for 1, with 1 share 1024. */
  final long weighted(long amount) {
    return (amount * weight) >> 12;
  }

  private void weigh(int count) {
    shares = count;
    weight = (1L << 22) / count;
    sharesNow.add(count - sharesNow.get());
  }

  /** It gets its part: reads its shares again if they change and the period is over. */
  final void readShares(long nowNanos) {
    Shares own = priorityClass.shares();
    if (!own.isDynamic() || (sharesRead && nowNanos - sharesReadNanos < own.periodNanos())) {
      return;
    }
    sharesRead = true;
    sharesReadNanos = nowNanos;
    try {
      weigh(own.count());
      supplierFailed = false;
    } catch (RuntimeException failure) {
      if (!supplierFailed) {
        supplierFailed = true;
        LOG.log(
            Level.WARNING,
            "the shares of class " + priorityClass.name() + " stay at " + shares,
            failure);
      }
    }
  }
}
