package dev.ringlet.scheduler;

import dev.ringlet.executor.PriorityClass;
import dev.ringlet.executor.TaskQueueStats;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The task queues of one executor, by priority class. Any thread. */
final class TaskQueues {
  private final PriorityClasses classes;
  private final TaskQueueScheduler scheduler;
  private final ConcurrentHashMap<PriorityClass, TaskQueue> queues = new ConcurrentHashMap<>();

  TaskQueues(PriorityClasses classes, TaskQueueScheduler scheduler) {
    this.classes = classes;
    this.scheduler = scheduler;
  }

  /** The queue of a class, which the caller has entered as a member. */
  TaskQueue enter(PriorityClass priorityClass) {
    while (true) {
      TaskQueue queue = queues.get(priorityClass);
      if (queue == null || queue.membership().isRemoved()) {
        ClassMembership membership = classes.membership(priorityClass);
        queue =
            queues.compute(
                priorityClass,
                (key, known) ->
                    known != null && known.membership() == membership
                        ? known
                        : scheduler.newQueue(membership));
      }
      if (queue.membership().enter()) {
        return queue;
      }
    }
  }

  /** The queue of a class in which an actor lives, on whatever executor. */
  TaskQueue of(PriorityClass priorityClass) {
    TaskQueue queue = enter(priorityClass);
    queue.membership().leave();
    return queue;
  }

  /**
   * Takes out the queue of a class that was removed; the class may have been made anew already.
   *
   * @return what its executor has to do about it; null if nothing was taken out
   */
  @Nullable Command takeRemoved(PriorityClass priorityClass) {
    TaskQueue queue = queues.get(priorityClass);
    if (queue == null || !queue.membership().isRemoved() || !queues.remove(priorityClass, queue)) {
      return null;
    }
    return new Forget(queue);
  }

  /** How often an actor of any class was run. */
  long activations() {
    long sum = 0;
    for (TaskQueue queue : queues.values()) {
      sum += queue.activations();
    }
    return sum;
  }

  List<TaskQueueStats> stats() {
    return queues.values().stream()
        .map(TaskQueue::stats)
        .sorted(Comparator.comparing(stats -> stats.priorityClass().name()))
        .toList();
  }

  private final class Forget extends Command {
    private final TaskQueue queue;

    Forget(TaskQueue queue) {
      this.queue = queue;
    }

    @Override
    void run(CoreExecutor executor) {
      scheduler.forget(queue);
    }

    @Override
    void refused(CoreExecutor executor) {
      // It has ended already.
    }
  }
}
