package dev.ringlet.examples.kv;

import org.jspecify.annotations.Nullable;

/**
 * Keeps the replies of a connection in the order of its commands, in whatever order the shards
 * answer. <b>Thread:</b> the connection's.
 *
 * <p>Each command has a sequence number; a slot of the ring is empty, waits for parts, or holds the
 * reply. The ring grows to the number of commands under way, which the connection bounds.
 */
final class ReplyQueue {
  private static final int FIRST_CAPACITY = 16;

  private @Nullable Object[] slots = new Object[FIRST_CAPACITY];
  private long head;
  private long tail;
  private long completedBytes;

  /** How many commands have no reply taken from here yet. */
  int size() {
    return (int) (tail - head);
  }

  /** Adds a command that one answer completes; gives its sequence number. */
  long open() {
    return append(null);
  }

  /** Adds a command that several answers complete. */
  long open(MultiReply reply) {
    return append(reply);
  }

  /** How many bytes on the wire all replies have that were completed so far, taken or not. */
  long completedBytes() {
    return completedBytes;
  }

  /** Adds a command that is answered already. */
  void add(Reply reply) {
    completedBytes += reply.encodedBytes();
    append(reply);
  }

  private long append(@Nullable Object slot) {
    if (size() == slots.length) {
      grow();
    }
    slots[index(tail)] = slot;
    return tail++;
  }

  private void grow() {
    @Nullable Object[] larger = new Object[2 * slots.length];
    for (long i = head; i < tail; i++) {
      larger[(int) (i & (larger.length - 1))] = slots[index(i)];
    }
    slots = larger;
  }

  private int index(long sequence) {
    return (int) (sequence & (slots.length - 1));
  }

  /** Takes an answer, or a part of one. */
  void complete(long sequence, int part, Reply reply) {
    if (sequence < head || sequence >= tail) {
      throw new IllegalStateException("no command waits under number " + sequence);
    }
    int index = index(sequence);
    if (slots[index] instanceof MultiReply multi) {
      Reply whole = multi.accept(part, reply);
      if (whole != null) {
        completedBytes += whole.encodedBytes();
        slots[index] = whole;
      }
    } else if (slots[index] == null) {
      completedBytes += reply.encodedBytes();
      slots[index] = reply;
    } else {
      throw new IllegalStateException("command " + sequence + " was answered twice");
    }
  }

  /** Takes the reply of the oldest command, or null if there is none yet. */
  @Nullable Reply poll() {
    if (head == tail || !(slots[index(head)] instanceof Reply reply)) {
      return null;
    }
    slots[index(head++)] = null;
    return reply;
  }
}
