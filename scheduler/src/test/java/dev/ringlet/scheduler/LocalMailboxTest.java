package dev.ringlet.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.ArrayDeque;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Against a queue of the JDK. */
final class LocalMailboxTest {
  @Property
  void behavesLikeAQueue(@ForAll List<Boolean> adds) {
    LocalMailbox mailbox = new LocalMailbox();
    ArrayDeque<Integer> model = new ArrayDeque<>();
    int next = 0;
    for (int round = 0; round < 3; round++) {
      for (boolean add : adds) {
        if (add) {
          mailbox.add(next);
          model.add(next++);
          mailbox.add(next);
          model.add(next++);
        } else {
          assertEquals(model.poll(), mailbox.poll());
        }
        assertEquals(model.size(), mailbox.size());
        assertEquals(model.isEmpty(), mailbox.isEmpty());
      }
    }
    while (!model.isEmpty()) {
      assertEquals(model.poll(), mailbox.poll());
    }
    assertNull(mailbox.poll());
  }
}
