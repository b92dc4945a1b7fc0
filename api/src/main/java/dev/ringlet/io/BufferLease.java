package dev.ringlet.io;

import java.util.List;

/**
 * A buffer that is out, or was when it got lost, and where it comes from. Only those that {@link
 * dev.ringlet.executor.ExecutorPool#withLeakDetection} watches are known. Immutable.
 *
 * @param executor the index of the executor that it is of
 * @param actor the path of the actor that has it from there, or an empty string if it is none's or
 *     not known
 * @param operation what has given it, such as {@code "Io.buffer"} or {@code "read /tmp/file"}
 * @param bytes its capacity
 * @param place the stack at that moment; of what has waited, or arrived on a socket, that of the
 *     executor, and then the operation tells more
 */
public record BufferLease(
    int executor, String actor, String operation, int bytes, List<StackTraceElement> place) {
  /** Copies the list. */
  public BufferLease {
    place = List.copyOf(place);
  }
}
