package dev.ringlet.io;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.spi.IoMemory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Leases and slices, without a driver. */
final class IoBufferTest {
  private static final int BASE = 100;

  private final AtomicInteger recycled = new AtomicInteger();

  private IoBuffer lease(int capacity) {
    IoMemory memory = new IoMemory(ByteBuffer.allocateDirect(BASE + capacity), 5000);
    return new IoBuffer(memory, BASE, capacity, buffer -> recycled.incrementAndGet(), 7);
  }

  private IoBuffer digits() {
    return lease(16).write("0123456789".getBytes(US_ASCII));
  }

  private static String text(IoBuffer buffer) {
    return new String(buffer.readAll(), US_ASCII);
  }

  @Test
  void aSliceSharesTheBytesAndHasIndicesOfItsOwn() {
    IoBuffer whole = digits();
    IoBuffer slice = whole.slice(2, 5);
    assertEquals(5, slice.capacity());
    assertEquals(5, slice.readableBytes());
    assertEquals(0, slice.writableBytes());
    assertEquals('2', slice.get(0));
    assertEquals(whole.memory(), slice.memory());
    assertEquals(whole.offset() + 2, slice.offset());
    assertEquals(whole.address() + 2, slice.address());
    assertEquals(7, slice.slot());
    slice.setIndex(0, 0).write("ab".getBytes(US_ASCII));
    assertEquals("ab", text(slice));
    assertEquals("01ab456789", text(whole));
    assertThrows(IndexOutOfBoundsException.class, () -> slice.get(5));
    slice.release();
    whole.release();
    assertEquals(1, recycled.get());
  }

  @Test
  void theMemoryGoesBackWithTheLastOfThemInWhateverOrder() {
    IoBuffer whole = digits();
    IoBuffer slice = whole.slice(2, 5);
    IoBuffer inner = slice.slice(1, 2);
    whole.release();
    slice.release();
    assertEquals(0, recycled.get());
    assertEquals("34", text(inner));
    inner.retain().release();
    assertEquals(0, recycled.get());
    inner.release();
    assertEquals(1, recycled.get());
  }

  @Test
  void whatWasReleasedThrowsAndWhatWasNotGoesOn() {
    IoBuffer whole = digits();
    IoBuffer slice = whole.slice(0, 4);
    slice.release();
    assertTrue(slice.isReleased());
    assertFalse(whole.isReleased());
    assertThrows(IllegalStateException.class, () -> slice.get(0));
    assertThrows(IllegalStateException.class, slice::readable);
    assertThrows(IllegalStateException.class, slice::address);
    assertThrows(IllegalStateException.class, slice::retain);
    assertThrows(IllegalStateException.class, () -> slice.slice(0, 1));
    assertThrows(IllegalStateException.class, slice::release);
    assertEquals(0, recycled.get());
    IoBuffer other = whole.slice(0, 4);
    whole.release();
    assertTrue(whole.isReleased());
    assertThrows(IllegalStateException.class, () -> whole.get(0));
    assertThrows(IllegalStateException.class, () -> whole.slice(0, 1));
    // Must not take the memory away from the slice.
    assertThrows(IllegalStateException.class, whole::release);
    assertEquals("0123", text(other));
    other.release();
    assertEquals(1, recycled.get());
  }

  @Test
  void aSliceLiesWithinItsBuffer() {
    IoBuffer whole = digits();
    assertThrows(IndexOutOfBoundsException.class, () -> whole.slice(-1, 1));
    assertThrows(IndexOutOfBoundsException.class, () -> whole.slice(0, 17));
    assertThrows(IndexOutOfBoundsException.class, () -> whole.slice(16, 1));
    IoBuffer inner = whole.slice(4, 4);
    assertThrows(IndexOutOfBoundsException.class, () -> inner.slice(0, 5));
    assertEquals(0, whole.slice(16, 0).capacity());
  }

  @Test
  void readSlicesFollowTheReaderIndex() {
    IoBuffer whole = digits();
    IoBuffer head = whole.readSlice(4);
    IoBuffer rest = whole.readSlice(6);
    assertEquals(0, whole.readableBytes());
    assertThrows(IndexOutOfBoundsException.class, () -> whole.readSlice(1));
    whole.release();
    assertEquals("0123", text(head));
    assertEquals("456789", text(rest));
    head.release();
    rest.release();
    assertEquals(1, recycled.get());
  }

  /** Each thread cuts, reads and releases on its own; one of them is the last, once. */
  @Test
  void slicesOfManyThreadsGiveTheMemoryBackOnce() throws Exception {
    int threads = 4;
    int rounds = 5_000;
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      for (int round = 0; round < rounds; round++) {
        IoBuffer whole = digits();
        CountDownLatch start = new CountDownLatch(1);
        List<Future<Integer>> ends = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
          IoBuffer mine = whole.slice(i, 3);
          ends.add(pool.submit(() -> cutAndRelease(mine, start)));
        }
        start.countDown();
        whole.release();
        for (int i = 0; i < threads; i++) {
          assertEquals('0' + i + 1, ends.get(i).get(30, TimeUnit.SECONDS));
        }
        assertEquals(round + 1, recycled.get());
        assertTrue(whole.isReleased());
      }
    } finally {
      pool.shutdownNow();
    }
  }

  private static int cutAndRelease(IoBuffer mine, CountDownLatch start)
      throws InterruptedException {
    start.await();
    IoBuffer inner = mine.slice(1, 1);
    mine.release();
    int read = inner.get(0);
    inner.release();
    return read;
  }
}
