package dev.ringlet.scheduler;

import java.util.ArrayDeque;
import java.util.Deque;

/** The messages that one actor has put aside. Owner executor only. */
final class Stash {
  private final ActorCell<?> cell;
  private final Deque<Object> entries = new ArrayDeque<>();

  Stash(ActorCell<?> cell) {
    this.cell = cell;
  }

  /** Puts the message of this turn aside, with whoever waits for the answer. */
  void add(Object message) {
    if (entries.size() == cell.stashCapacity()) {
      throw new IllegalStateException(
          cell.path()
              + ": "
              + entries.size()
              + " messages are stashed; unstash earlier, or raise ActorOptions.withStashCapacity");
    }
    Question asked = cell.executor().asked();
    entries.add(
        asked != null && asked.asks(message)
            ? asked
            : cell.system().carrying().again(cell.entryFor(message), cell.executor()));
  }

  /** What was put aside comes before all that waits in the mailbox. */
  void giveBack() {
    for (Object entry = entries.pollLast(); entry != null; entry = entries.pollLast()) {
      cell.ownMailbox().addFirst(entry);
    }
  }
}
