package dev.ringlet.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.ringlet.spi.IoRequest;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

final class NioOperationQueueTest {
  /** Against a list: 0 takes the first out, 1 to 5 the one at that place, the rest adds one. */
  @Property
  void behavesLikeAList(@ForAll List<@IntRange(min = 0, max = 15) Integer> steps) {
    NioOperationQueue queue = new NioOperationQueue();
    List<NioOperation> model = new ArrayList<>();
    for (int step : steps) {
      if (step == 0) {
        assertSame(model.isEmpty() ? null : model.remove(0), queue.poll());
      } else if (step <= 5) {
        removeAt(step - 1, queue, model);
      } else {
        NioOperation added = new NioOperation(new NioCompletions(), new IoRequest() {});
        queue.add(added);
        model.add(added);
      }
      assertEquals(model.isEmpty(), queue.isEmpty());
      assertSame(model.isEmpty() ? null : model.get(0), queue.peek());
    }
    for (NioOperation expected : model) {
      assertSame(expected, queue.poll());
    }
    assertSame(null, queue.poll());
  }

  private static void removeAt(int place, NioOperationQueue queue, List<NioOperation> model) {
    NioOperation absent = new NioOperation(new NioCompletions(), new IoRequest() {});
    NioOperation removed = place < model.size() ? model.get(place) : absent;
    assertEquals(model.remove(removed), queue.remove(removed));
  }
}
