package dev.ringlet.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.io.IoBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@RequiresUring
@Timeout(60)
class ReceiveBuffersTest {
  private final Ring ring = Ring.open(4, 8);
  private final WakeUp wakeUp = WakeUp.open();

  @AfterEach
  void close() {
    wakeUp.close();
    ring.close();
  }

  private ReceiveBuffers buffers(int count) {
    return new ReceiveBuffers(BufferRing.register(ring, 3, count, 128), wakeUp);
  }

  @Test
  void ringOfBuffersChecksItsSizeAndGroup() {
    assertThrows(IllegalArgumentException.class, () -> BufferRing.register(ring, 0, 3, 64));
    assertThrows(IllegalArgumentException.class, () -> BufferRing.register(ring, 0, 1 << 16, 64));
    BufferRing first = BufferRing.register(ring, 0, 4, 64);
    assertThrows(UringException.class, () -> BufferRing.register(ring, 0, 4, 64));
    first.unregister();
    assertThrows(UringException.class, first::unregister);
    BufferRing.register(ring, 0, BufferRing.MAX_BUFFERS, 1).unregister();
  }

  @Test
  void leasesAreSlicesWithTheirOwnBytes() {
    ReceiveBuffers buffers = buffers(4);
    IoBuffer lease = buffers.lease(2, 100);
    assertEquals(128, lease.capacity());
    assertEquals(100, lease.readableBytes());
    assertEquals(256, lease.offset());
    assertEquals(1, buffers.lent());
    lease.release();
    assertEquals(0, buffers.lent());
    assertThrows(IllegalStateException.class, lease::release);
    buffers.close();
  }

  @Test
  void allBuffersComeBackFromManyThreads() throws InterruptedException {
    int count = 64;
    ReceiveBuffers buffers = buffers(count);
    for (int round = 0; round < 200; round++) {
      List<IoBuffer> leases = new ArrayList<>();
      for (int id = 0; id < count; id++) {
        leases.add(buffers.lease(id, 1));
      }
      assertFalse(buffers.hasAvailable());
      Thread even = releasing(leases, 0);
      Thread odd = releasing(leases, 1);
      while (even.isAlive() || odd.isAlive()) {
        buffers.collectReturned();
      }
      even.join();
      odd.join();
      buffers.collectReturned();
      assertEquals(0, buffers.lent());
    }
    assertTrue(buffers.hasAvailable());
    buffers.close();
  }

  private static Thread releasing(List<IoBuffer> leases, int remainder) {
    Thread thread =
        new Thread(
            () -> {
              for (int i = remainder; i < leases.size(); i += 2) {
                leases.get(i).release();
              }
            });
    thread.start();
    return thread;
  }

  @Test
  void releaseAfterCloseIsHarmless() throws InterruptedException {
    ReceiveBuffers buffers = buffers(2);
    IoBuffer first = buffers.lease(0, 1);
    IoBuffer second = buffers.lease(1, 1);
    buffers.close();
    first.release();
    Thread other = new Thread(second::release);
    other.start();
    other.join();
    assertEquals(0, buffers.lent());
  }
}
