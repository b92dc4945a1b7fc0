package dev.ringlet.uring;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.spi.CompletionSink;
import dev.ringlet.spi.IoOpcode;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@RequiresUring
@Timeout(60)
class UringDriverAllocationTest {
  private static final int ROUNDS = 5_000;

  /** An IoBuffer; the rest of the path through the driver allocates nothing. */
  private static final int BYTES_PER_ROUND = 64;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private int left;

  @Test
  void messageCostsOneBufferObject() {
    try (DriverFixture io = DriverFixture.normal()) {
      DriverFixture.Pair pair = io.pair();
      TestRequest receive = io.submit(TestRequest.multishot(pair.server(), IoOpcode.RECEIVE));
      TestRequest send =
          TestRequest.transfer(IoOpcode.SEND, pair.client(), io.text("hello, ring"), 11, 0);
      CompletionSink sink =
          (request, result, payload, more) -> {
            left--;
            if (payload instanceof IoBuffer buffer) {
              buffer.release();
            }
          };
      exchange(io, send, sink); // classes are loaded, and the compiler has made up its mind
      long before = threads.getCurrentThreadAllocatedBytes();
      long enters = io.driver.stats().enters();
      exchange(io, send, sink);
      long bytes = threads.getCurrentThreadAllocatedBytes() - before;
      enters = io.driver.stats().enters() - enters;
      assertTrue(bytes <= (long) ROUNDS * BYTES_PER_ROUND + 4096, bytes + " bytes");
      assertTrue(enters <= 2L * ROUNDS, enters + " system calls");
      io.driver.cancel(receive);
    }
  }

  private void exchange(DriverFixture io, TestRequest send, CompletionSink sink) {
    for (int i = 0; i < ROUNDS; i++) {
      left = 2;
      io.driver.submit(send);
      while (left > 0) {
        io.driver.park(Long.MAX_VALUE);
        io.driver.poll(sink);
      }
    }
  }
}
