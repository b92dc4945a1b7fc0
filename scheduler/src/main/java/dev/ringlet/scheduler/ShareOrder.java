package dev.ringlet.scheduler;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whose turn it is among classes that want the same thing: the one with the least weighted use.
 *
 * <p>The rule is that of the Completely Fair Scheduler as Seastar has it: an amount {@code a} adds
 * {@code a × 2^22 / shares >> 12} to the account's vruntime. An account that becomes active starts
 * at the larger of its own vruntime and the floor, which is the largest vruntime that was ever the
 * least: idleness earns no credit and forgives no debt. Among equals a latency class goes first.
 * Comparison is by difference, so that overflow does no harm.
 *
 * <p>One thing comes before the least: a latency class that has become active is picked when its
 * bound has nearly passed, also if it has used more than its share; once.
 *
 * <p>The list is scanned: there are a handful of classes, and a scan of a handful beats a heap.
 * Owner executor only.
 *
 * @param <A> what is kept of a class
 */
final class ShareOrder<A extends ShareAccount> {
  private final List<A> active = new ArrayList<>();
  private long floor;

  boolean isEmpty() {
    return active.isEmpty();
  }

  int size() {
    return active.size();
  }

  A get(int index) {
    return active.get(index);
  }

  /** It wants something from now on. */
  void enter(A account, long nowNanos) {
    if (account.vruntime - floor < 0) {
      account.vruntime = floor;
    }
    account.active = true;
    account.awaited = account.urgent();
    account.sinceNanos = nowNanos;
    active.add(account);
  }

  /** It wants nothing any more. */
  void leave(A account) {
    account.active = false;
    active.remove(account);
  }

  /**
   * Whose turn it is; one must be active.
   *
   * @param passedOver is not picked while others are active
   */
  A pick(@Nullable A passedOver, long nowNanos) {
    A best = null;
    for (int i = 0; i < active.size(); i++) {
      A account = active.get(i);
      if (account != passedOver && (best == null || precedes(account, best, nowNanos))) {
        best = account;
      }
    }
    if (best == null) {
      best = active.get(0);
    }
    best.awaited = false;
    return best;
  }

  static boolean isDue(ShareAccount account, long nowNanos) {
    return account.awaited && nowNanos - account.dueNanos() >= 0;
  }

  private static boolean precedes(ShareAccount account, ShareAccount other, long nowNanos) {
    boolean due = isDue(account, nowNanos);
    boolean otherDue = isDue(other, nowNanos);
    if (due || otherDue) {
      return due && (!otherDue || account.dueNanos() - other.dueNanos() < 0);
    }
    long difference = account.vruntime - other.vruntime;
    return difference < 0 || (difference == 0 && account.boundNanos() < other.boundNanos());
  }

  /** An active one has got something. */
  void charge(A account, long amount) {
    raiseFloor(account.vruntime);
    account.vruntime += account.weighted(amount);
  }

  /** The largest vruntime that was ever the least; who was served out of turn does not count. */
  private void raiseFloor(long picked) {
    long least = picked;
    for (int i = 0; i < active.size(); i++) {
      long vruntime = active.get(i).vruntime;
      if (vruntime - least < 0) {
        least = vruntime;
      }
    }
    if (least - floor > 0) {
      floor = least;
    }
  }
}
