package dev.ringlet.testkit;

import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.ActorSystem;
import dev.ringlet.actor.DeadLetter;
import dev.ringlet.executor.ExecutorStats;
import dev.ringlet.executor.Stall;
import dev.ringlet.executor.SystemStats;
import dev.ringlet.io.BufferLeak;
import dev.ringlet.io.BufferLease;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Sees that a system comes to rest and that nothing was lost on the way: no dead letters, no
 * stalls, no buffers that were not released, since the check was made. Where buffers come from that
 * were not released is told as far as they are watched: have a pool {@code withLeakDetection(1)}.
 *
 * <p><b>Thread:</b> the test's. The system must run: one that is stepped rests when it is told to.
 *
 * <pre>{@code
 * var check = QuiescenceCheck.of(system);
 * ... // the test
 * check.await(Duration.ofSeconds(3));
 * }</pre>
 */
public final class QuiescenceCheck {
  private static final Duration PAUSE = Duration.ofMillis(1);

  /** More examples do not tell more. */
  private static final int EXAMPLES = 5;

  /** Deeper it is the executor. */
  private static final int FRAMES = 8;

  private final ActorSystem system;
  private final SystemStats before;
  private final Set<Finding> allowed = EnumSet.noneOf(Finding.class);
  private final Queue<String> lost = new ConcurrentLinkedQueue<>();
  private final Queue<String> stalled = new ConcurrentLinkedQueue<>();
  private final Queue<BufferLease> leaked = new ConcurrentLinkedQueue<>();
  private final List<BufferLease> leasedBefore;

  private QuiescenceCheck(ActorSystem system) {
    this.system = system;
    ActorRef<Object> witness = system.spawn(() -> (event, context) -> note(event), OPTIONS);
    system.subscribe(DeadLetter.class, witness);
    system.subscribe(Stall.class, witness);
    system.subscribe(BufferLeak.class, witness);
    this.before = system.stats();
    this.leasedBefore = leased();
  }

  private static final ActorOptions OPTIONS = ActorOptions.defaults();

  /**
   * Begins to watch.
   *
   * @param system the system
   * @return the check
   */
  public static QuiescenceCheck of(ActorSystem system) {
    return new QuiescenceCheck(system);
  }

  /**
   * Says what is no fault.
   *
   * @param findings what the test means to happen
   * @return this
   */
  public QuiescenceCheck allowing(Finding... findings) {
    allowed.addAll(List.of(findings));
    return this;
  }

  private void note(Object event) {
    if (event instanceof DeadLetter letter && lost.size() < EXAMPLES) {
      lost.add(letter.message() + " to " + letter.recipient() + ", as " + letter.reason());
    } else if (event instanceof Stall stall && stalled.size() < EXAMPLES) {
      stalled.add(stall.actor() + " with a " + stall.messageType() + " at " + stall.stack());
    } else if (event instanceof BufferLeak leak && leaked.size() < EXAMPLES) {
      leaked.add(leak.lease());
    }
  }

  /**
   * Waits until the system rests.
   *
   * @param atMost how long that may take
   * @throws AssertionError if it does not rest, or something has gone wrong that is not allowed;
   *     tells all of it
   */
  public void await(Duration atMost) {
    long end = System.nanoTime() + atMost.toNanos();
    @Nullable String unrest = unrest();
    @Nullable String leak = leak();
    while ((unrest != null || leak != null) && System.nanoTime() - end < 0) {
      LockSupport.parkNanos(PAUSE.toNanos());
      unrest = unrest();
      leak = leak();
    }
    List<String> faults = new ArrayList<>();
    add(faults, Finding.UNREST, unrest);
    SystemStats now = system.stats();
    long letters = now.deadLetters() - before.deadLetters();
    add(faults, Finding.DEAD_LETTERS, letters == 0 ? null : letters + " dead letters: " + lost);
    long stalls = now.stalls() - before.stalls();
    add(faults, Finding.STALLS, stalls == 0 ? null : stalls + " stalls: " + stalled);
    add(faults, Finding.LEAKED_BUFFERS, leak);
    if (!faults.isEmpty()) {
      throw new AssertionError(system + ": " + String.join("; ", faults));
    }
  }

  private void add(List<String> faults, Finding finding, @Nullable String fault) {
    if (fault != null && !allowed.contains(finding)) {
      faults.add(fault);
    }
  }

  /**
   * Between two looks that find every executor parked, and none of them with another turn, nobody
   * ran and nothing was on its way.
   */
  private @Nullable String unrest() {
    SystemStats first = system.stats();
    SystemStats second = system.stats();
    long offloaded = second.offloadRunning() + second.offloadWaiting();
    if (offloaded > 0) {
      return offloaded + " pieces of work are offloaded";
    }
    for (int i = 0; i < first.executors().size(); i++) {
      ExecutorStats one = first.executors().get(i);
      ExecutorStats other = second.executors().get(i);
      if (!one.parked() || !other.parked() || one.turns() != other.turns()) {
        return "executor " + i + " is busy";
      }
      if (other.held() > 0) {
        return other.held() + " actors of executor " + i + " await something with messages waiting";
      }
    }
    return null;
  }

  private @Nullable String leak() {
    SystemStats now = system.stats();
    long lost = buffersLeaked(now) - buffersLeaked(before);
    long lent = buffersLent(now) - buffersLent(before) + lost;
    return lent <= 0 ? null : lent + " buffers are not released" + places();
  }

  /** Where buffers were leased that are out now, or got lost. */
  private String places() {
    List<BufferLease> leases = new ArrayList<>(leaked);
    List<BufferLease> out = new ArrayList<>(leased());
    leasedBefore.forEach(out::remove);
    leases.addAll(out);
    StringBuilder places = new StringBuilder();
    for (BufferLease lease : leases.subList(0, Math.min(EXAMPLES, leases.size()))) {
      places.append(System.lineSeparator()).append(place(lease));
    }
    return places.toString();
  }

  private static String place(BufferLease lease) {
    StringBuilder text =
        new StringBuilder("  ")
            .append(lease.bytes())
            .append(" bytes from ")
            .append(lease.operation());
    if (!lease.actor().isEmpty()) {
      text.append(" of ").append(lease.actor());
    }
    for (StackTraceElement frame :
        lease.place().subList(0, Math.min(FRAMES, lease.place().size()))) {
      text.append(System.lineSeparator()).append("    at ").append(frame);
    }
    return text.toString();
  }

  private List<BufferLease> leased() {
    return system.executors().stream()
        .flatMap(executor -> executor.watchedBuffers().stream())
        .toList();
  }

  private static long buffersLeaked(SystemStats stats) {
    return stats.executors().stream().mapToLong(ExecutorStats::buffersLeaked).sum();
  }

  private static long buffersLent(SystemStats stats) {
    return stats.executors().stream().mapToLong(QuiescenceCheck::buffersLent).sum();
  }

  private static long buffersLent(ExecutorStats executor) {
    return executor.buffersLent() + executor.io().buffersLent();
  }
}
