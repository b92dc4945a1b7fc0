package dev.ringlet.testkit.sim;

/** What may go wrong in a simulation, see {@link FaultPlan}. */
public enum Fault {
  /** An operation fails with an error that it may have, see {@link FaultPlan#withErrnos}. */
  ERRNO,

  /** A read, write, send or receive does a part of what it was asked for, a segment has a part. */
  SHORT_TRANSFER,

  /** The kernel takes up to three seconds to begin with an operation, or a packet to arrive. */
  SLOW,

  /** An operation's completion comes after those of operations that ended later. */
  LATE_COMPLETION,

  /** The submission ring has room for a part of what waits. */
  SUBMISSION_QUEUE_FULL,

  /** The completion ring has no room, and the kernel keeps a completion until the next flush. */
  COMPLETION_OVERFLOW,

  /** No buffer is free for what was received, for a while (ENOBUFS). */
  BUFFER_SHORTAGE,

  /** A cancel comes too late, and the operation ends as if nobody had asked for it. */
  CANCEL_RACE,

  /** A multishot operation ends although it could go on. */
  EARLY_END,

  /** An executor has a turn although there is nothing to do. */
  SPURIOUS_WAKEUP,

  /** For a while there is no space left on the disk. */
  DISK_FULL,

  /** All at once it is later, by up to ten minutes: the machine was asleep. */
  CLOCK_JUMP,

  /** An executor has no turn for a while, as if its thread had lost its CPU. */
  EXECUTOR_PAUSE,

  /** A connection is reset. */
  CONNECTION_RESET,

  /** For a while nothing comes through between two hosts. */
  PARTITION,

  /** A datagram gets lost. */
  DATAGRAM_LOSS,

  /** A datagram comes twice. */
  DATAGRAM_COPY,

  /** A slice ends at a point where an actor can be preempted. */
  PREEMPT,

  /** What the plan names: a failure of a certain operation, or something done at a certain time. */
  SCRIPTED
}
