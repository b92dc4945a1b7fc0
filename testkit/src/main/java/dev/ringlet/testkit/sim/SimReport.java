package dev.ringlet.testkit.sim;

import dev.ringlet.actor.ActorInfo;
import dev.ringlet.executor.ExecutorStats;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;

/** Tells who waits for what. The simulation's thread. */
final class SimReport {
  private static final String LINE = System.lineSeparator() + "  ";

  /** More do not tell more. */
  private static final int MOST_ACTORS = 20;

  private static final int MOST_OPERATIONS = 20;
  private static final int MOST_QUESTIONS = 20;

  /** So many turns for a system to tell of its actors. */
  private static final int MOST_TURNS = 1000;

  private final StringBuilder text = new StringBuilder();

  private SimReport() {}

  /** Some lines, each with a line break before it. */
  static String of(SimLoop loop) {
    SimReport report = new SimReport();
    long next = loop.nanosToNext();
    report.line(
        "at %d ns, after %d steps, %s",
        loop.world().clock().elapsedNanos(),
        loop.steps(),
        next == Long.MAX_VALUE ? "nothing will come" : "the next thing comes in " + next + " ns");
    for (SimProcess process : loop.processes()) {
      report.add(process);
    }
    return report.text.toString();
  }

  private void line(String format, Object... values) {
    text.append(LINE).append(String.format(Locale.ROOT, format, values));
  }

  private void add(SimProcess process) {
    long next = process.stepper().nanosToNext();
    line(
        "%s: %s",
        process, next == Long.MAX_VALUE ? "no timer" : "the next timer is due in " + next + " ns");
    for (ExecutorStats executor : process.system().stats().executors()) {
      line(
          "%s/%d: %d actors wait for something with messages waiting for them, %d timers,"
              + " %d operations with the disk, %d waiting for memory",
          process,
          executor.index(),
          executor.held(),
          executor.timers(),
          executor.diskInFlight(),
          executor.bufferWaits());
    }
    for (SimDriver driver : process.drivers()) {
      List<SimOperation> inFlight = driver.inFlight();
      for (SimOperation operation :
          inFlight.subList(0, Math.min(MOST_OPERATIONS, inFlight.size()))) {
        add(process, operation);
      }
    }
    List<String> questions = process.stepper().openQuestions();
    for (String question : questions.subList(0, Math.min(MOST_QUESTIONS, questions.size()))) {
      line("%s: nobody has answered a %s", process, question);
    }
    for (ActorInfo actor : actors(process)) {
      line(
          "%s, a %s, is %s, %d messages wait for it",
          actor.path(), actor.type(), actor.state(), actor.mailboxSize());
    }
  }

  private void add(SimProcess process, SimOperation operation) {
    line(
        "%s: %s%s is %s%s",
        process,
        operation,
        operation.request.handle == null ? "" : " of " + operation.request.handle,
        operation.isQueued() ? "not with the kernel yet" : "in flight",
        operation.isCancelled() ? ", and cancelled" : "");
  }

  /** Those that may be of interest, the longest mailbox first. */
  private static List<ActorInfo> actors(SimProcess process) {
    if (process.hasEnded()) {
      return List.of();
    }
    CompletableFuture<List<ActorInfo>> answer =
        process.system().actors(Integer.MAX_VALUE).toCompletableFuture();
    for (int turns = 0; turns < MOST_TURNS && !answer.isDone(); turns++) {
      var unused = process.stepper().step();
    }
    List<ActorInfo> all = answer.getNow(List.of());
    return all.stream()
        .filter(actor -> actor.mailboxSize() > 0 || actor.state() != ActorInfo.State.ACTIVE)
        .limit(MOST_ACTORS)
        .toList();
  }
}
