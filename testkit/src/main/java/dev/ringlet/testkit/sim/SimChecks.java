package dev.ringlet.testkit.sim;

import dev.ringlet.actor.ActorFailure;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.ActorSystem;
import dev.ringlet.actor.DeadLetter;
import dev.ringlet.actor.SystemEvent;
import dev.ringlet.executor.ExecutorStats;
import dev.ringlet.executor.SystemStats;
import dev.ringlet.spi.IoDriverStats;
import dev.ringlet.spi.SystemStepper;
import dev.ringlet.testkit.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What is looked at in the course of a run and at its end. The simulation's thread.
 *
 * <p>What cannot be seen from outside is whether each stream has told of its end; that none tells
 * twice, and that none is left when its actor has stopped, the adapters see to themselves. That no
 * message is on its way follows from rest: nobody has anything to do then, and no mailbox has
 * anything in it.
 */
final class SimChecks {
  private static final ActorOptions WITNESS = ActorOptions.named("sim-witness");

  private final SimLoop loop;
  private final Set<Finding> forbidden;
  private final List<SimResult.Found> found = new ArrayList<>();

  SimChecks(SimLoop loop, Set<Finding> forbidden) {
    this.loop = loop;
    this.forbidden = forbidden;
  }

  /** What is not allowed. */
  List<SimResult.Found> found() {
    return found.stream().filter(each -> forbidden.contains(each.finding())).toList();
  }

  void add(Finding finding, String text) {
    loop.world().trace().add("found " + finding);
    found.add(new SimResult.Found(finding, text));
  }

  private void check(boolean holds, Finding finding, SimProcess process, Supplier<String> text) {
    if (!holds) {
      add(finding, process + ": " + text.get());
    }
  }

  /** Has the trace tell what the system tells of itself. */
  void watch(SimProcess process) {
    ActorSystem system = process.system();
    ActorRef<SystemEvent> witness =
        system.executors().get(0).spawn(() -> (event, context) -> note(process, event), WITNESS);
    system.subscribe(SystemEvent.class, witness);
  }

  private void note(SimProcess process, SystemEvent event) {
    Trace trace = loop.world().trace();
    if (event instanceof ActorFailure failure) {
      Throwable cause = failure.failure();
      trace.add(failure.actor() + " failed: " + cause.getClass().getName());
      if (cause instanceof AssertionError) {
        add(Finding.FAILED_ASSERTION, process + ": " + failure.actor() + ": " + cause);
      }
    } else if (event instanceof DeadLetter letter) {
      trace.add("dead letter to " + letter.recipient() + ": " + letter.reason());
    } else {
      trace.add(process + ": " + event.getClass().getSimpleName());
    }
  }

  // ---- rest

  /** Whether nobody waits in vain, when nobody has anything to do. */
  boolean rests() {
    return loop.processes().stream().allMatch(SimChecks::rests);
  }

  private static boolean rests(SimProcess process) {
    SystemStats stats = process.system().stats();
    return !asks(process.stepper())
        && stats.offloadRunning() + stats.offloadWaiting() == 0
        && stats.executors().stream().allMatch(SimChecks::rests)
        && process.drivers().stream().noneMatch(SimChecks::works);
  }

  /** The turn is for those who have not heard yet that they need not wait. */
  private static boolean asks(SystemStepper stepper) {
    if (stepper.openQuestions().isEmpty()) {
      return false;
    }
    var unused = stepper.step();
    return !stepper.openQuestions().isEmpty();
  }

  private static boolean rests(ExecutorStats executor) {
    return executor.held() + executor.diskInFlight() + executor.bufferWaits() == 0;
  }

  private static boolean works(SimDriver driver) {
    for (SimOperation operation : driver.inFlight()) {
      if (!waitsForOthers(operation)) {
        return true;
      }
    }
    return false;
  }

  /** Whether it may be in flight without end. */
  static boolean waitsForOthers(SimOperation operation) {
    return switch (operation.request.opcode) {
      case ACCEPT, RECEIVE, RECEIVE_DATAGRAM, RECEIVE_DESCRIPTORS, RECEIVE_FILE, DELAY -> true;
      default -> false;
    };
  }

  void atRest(SimProcess process) {
    long letters = process.system().stats().deadLetters();
    check(letters == 0, Finding.DEAD_LETTERS, process, () -> letters + " dead letters");
    List<String> unanswered = process.stepper().unansweredWatches();
    check(
        unanswered.isEmpty(),
        Finding.UNANSWERED_WATCH,
        process,
        () -> String.join(", ", unanswered) + ", which has ended, and was not told");
    long before = messages(process);
    var unused = process.stepper().step();
    long handled = messages(process) - before;
    check(
        handled == 0,
        Finding.LOST_WAKEUP,
        process,
        () -> handled + " messages were handled in turns that nobody had asked for");
  }

  private static long messages(SimProcess process) {
    return process.system().stats().executors().stream().mapToLong(ExecutorStats::messages).sum();
  }

  // ---- the end

  void afterClose(SimProcess process) {
    boolean ended = process.system().whenTerminated().toCompletableFuture().isDone();
    check(ended, Finding.SURVIVORS, process, () -> "it has not ended");
    for (SimDriver driver : process.drivers()) {
      check(
          driver.inFlight().isEmpty(),
          Finding.OPERATIONS_IN_FLIGHT,
          process,
          () -> driver.inFlight().toString());
      List<SimHandle> left = driver.leftOpen();
      check(left.isEmpty(), Finding.OPEN_HANDLES, process, () -> left + " were not closed");
    }
    for (ExecutorStats executor : process.system().stats().executors()) {
      afterClose(process, executor);
    }
  }

  private void afterClose(SimProcess process, ExecutorStats executor) {
    check(
        executor.actors() == 0,
        Finding.SURVIVORS,
        process,
        () -> executor.actors() + " actors of executor " + executor.index() + " live on");
    IoDriverStats io = executor.io();
    long lent = executor.buffersLent() + io.buffersLent();
    check(
        lent == 0,
        Finding.LEAKED_BUFFERS,
        process,
        () -> lent + " buffers of executor " + executor.index() + " are not released");
    check(
        executor.buffersLeaked() == 0,
        Finding.LEAKED_BUFFERS,
        process,
        () -> executor.buffersLeaked() + " buffers of executor " + executor.index() + " got lost");
    check(
        io.submitted() == io.completed() && io.inFlight() == 0,
        Finding.WRONG_COUNTERS,
        process,
        () -> "executor " + executor.index() + " is closed, and has " + io);
    check(
        io.staleCompletions() == 0 && executor.diskInFlight() == 0 && executor.held() == 0,
        Finding.WRONG_COUNTERS,
        process,
        executor::toString);
  }
}
