package dev.ringlet.examples.kv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

final class ReplyQueueTest {
  private final ReplyQueue queue = new ReplyQueue();

  /** Answers come in any order; replies leave in the order of the commands. */
  @Property(tries = 100)
  void keepsTheOrderOfTheCommands(@ForAll Random random) {
    ReplyQueue replies = new ReplyQueue();
    List<Long> waiting = new ArrayList<>();
    long opened = 0;
    long taken = 0;
    for (int step = 0; step < 2000; step++) {
      if (random.nextInt(100) < 55) {
        waiting.add(replies.open());
        opened++;
      } else if (!waiting.isEmpty()) {
        Collections.swap(waiting, random.nextInt(waiting.size()), waiting.size() - 1);
        long sequence = waiting.remove(waiting.size() - 1);
        replies.complete(sequence, 0, new Reply.Int(sequence));
      }
      for (Reply reply = replies.poll(); reply != null; reply = replies.poll()) {
        assertEquals(new Reply.Int(taken++), reply);
      }
      assertEquals(opened - taken, replies.size());
    }
  }

  @Test
  void commandOfManyPartsWaitsForAll() {
    long sequence = queue.open(MultiReply.sum(3));
    queue.add(Replies.OK);
    queue.complete(sequence, 2, new Reply.Int(4));
    queue.complete(sequence, 0, new Reply.Int(1));
    assertNull(queue.poll());
    queue.complete(sequence, 1, new Reply.Int(2));
    assertEquals(new Reply.Int(7), queue.poll());
    assertEquals(Replies.OK, queue.poll());
    assertNull(queue.poll());
  }

  @Test
  void errorOfOnePartIsTheWholeReply() {
    long sequence = queue.open(MultiReply.allOk(2));
    queue.complete(sequence, 0, Replies.OK);
    queue.complete(sequence, 1, Errors.OUT_OF_MEMORY);
    assertEquals(Errors.OUT_OF_MEMORY, queue.poll());
  }

  @Test
  void strayAndDoubleAnswersAreRefused() {
    long sequence = queue.open();
    queue.complete(sequence, 0, Replies.OK);
    assertThrows(IllegalStateException.class, () -> queue.complete(sequence, 0, Replies.OK));
    assertThrows(IllegalStateException.class, () -> queue.complete(sequence + 1, 0, Replies.OK));
    queue.poll();
    assertThrows(IllegalStateException.class, () -> queue.complete(sequence, 0, Replies.OK));
  }
}
