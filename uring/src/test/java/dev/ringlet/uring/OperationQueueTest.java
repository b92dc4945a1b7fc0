package dev.ringlet.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class OperationQueueTest {
  /** Each step adds, polls or removes from the middle; a list says what is right. */
  @Property
  void behavesLikeAList(@ForAll @Size(max = 60) List<@IntRange(max = 9) Integer> steps) {
    OperationQueue queue = new OperationQueue();
    List<Operation> model = new ArrayList<>();
    int index = 0;
    for (int step : steps) {
      if (step < 5) {
        Operation operation = new Operation(index++, NativeMemory.EMPTY, 0, 0);
        queue.add(operation);
        model.add(operation);
      } else if (step < 7 || model.isEmpty()) {
        Operation expected = model.isEmpty() ? null : model.remove(0);
        assertSame(expected, queue.poll());
      } else {
        queue.remove(model.remove(step % model.size()));
      }
      assertEquals(model.size(), queue.size());
      assertEquals(model.isEmpty(), queue.isEmpty());
    }
    for (Operation expected : model) {
      assertSame(expected, queue.poll());
    }
    assertNull(queue.poll());
  }
}
