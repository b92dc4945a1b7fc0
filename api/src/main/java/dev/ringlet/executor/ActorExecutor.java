package dev.ringlet.executor;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.io.BufferLease;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * One thread that runs actors. Tasks given to {@link #execute} run on it too, in the default
 * priority class, in the order they were given by one thread, so other libraries can schedule onto
 * a core. A task that is taken runs; once the executor has ended, none is, and {@code execute}
 * throws a {@link java.util.concurrent.RejectedExecutionException}.
 *
 * <p><b>Thread:</b> any thread.
 */
public interface ActorExecutor extends Executor {
  /**
   * Its position in the system.
   *
   * @return 0 to count - 1
   */
  int index();

  /**
   * The CPU its thread is pinned to, or empty if it may run on several.
   *
   * @return the CPU's number as the kernel counts
   */
  OptionalInt cpu();

  /**
   * The CPUs its thread is pinned to.
   *
   * @return the set; empty if it is not pinned
   */
  CpuSet cpus();

  /**
   * The I/O driver that serves it.
   *
   * @return {@code "uring"}, {@code "nio"}, or the name of another provider
   */
  String driver();

  /**
   * Whether the calling thread is this executor's.
   *
   * @return true on the executor's own thread
   */
  boolean isCurrent();

  /**
   * Spawns a top-level actor here; the same as {@code system.spawn} with {@link
   * ActorOptions#onExecutor}.
   *
   * @param factory makes the actor; called on this executor
   * @param options name, class, supervision
   * @param <M> the type of messages the actor accepts
   * @return its address, usable at once
   */
  <M> ActorRef<M> spawn(Supplier<? extends Actor<M>> factory, ActorOptions options);

  /**
   * This executor for tasks of one priority class. A task that throws is counted and logged, and so
   * is one that was taken while its system closes and does not run any more.
   *
   * @param priorityClass the class that the tasks' time is charged to
   * @return a view; it holds nothing
   */
  Executor inClass(PriorityClass priorityClass);

  /**
   * The buffers that are out now, as far as they are watched.
   *
   * @return in no order; all of them after {@code withLeakDetection(1)}, see {@link
   *     ExecutorPool#withLeakDetection}
   */
  List<BufferLease> watchedBuffers();

  /**
   * What the executor has done so far.
   *
   * @return a snapshot
   */
  ExecutorStats stats();
}
