package dev.ringlet.executor;

import dev.ringlet.actor.SystemEvent;
import java.util.List;

/**
 * A turn that has kept an executor for longer than its budget, seen while it did. Immutable.
 *
 * @param executor the executor's index
 * @param actor the path of the actor whose turn it is, or an empty string if it is none's
 * @param messageType the class of the message that is handled, or an empty string if it is not
 *     known
 * @param priorityClass the class whose slice it is, or an empty string
 * @param nanos for how long the turn had gone on, without pauses of the virtual machine
 * @param stack where the thread was
 */
public record Stall(
    int executor,
    String actor,
    String messageType,
    String priorityClass,
    long nanos,
    List<StackTraceElement> stack)
    implements SystemEvent {
  /** Copies the list. */
  public Stall {
    stack = List.copyOf(stack);
  }
}
