package dev.ringlet.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.actor.ActorSystem;
import dev.ringlet.executor.ExecutorStats;
import dev.ringlet.io.IoBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Which pieces are lent, and which slabs are given up. */
final class SlabSizeTest {
  private static final int MIB = 1 << 20;

  /** No piece is lent twice, whatever the order, and the account follows. */
  @Test
  void aPieceIsLentToOneAtATime() {
    try (ActorSystem system = Systems.open("nio", 1)) {
      CompletableFuture<ExecutorStats> during = new CompletableFuture<>();
      Systems.inTurn(
          system.executors().get(0),
          context -> {
            Random random = new Random(7);
            List<IoBuffer> out = new ArrayList<>();
            IdentityHashMap<Object, BitSet> lent = new IdentityHashMap<>();
            for (int i = 0; i < 50_000; i++) {
              if (out.isEmpty() || random.nextInt(1000) < (i / 5_000 % 2 == 0 ? 700 : 300)) {
                IoBuffer buffer = context.io().buffer(1 << (8 + random.nextInt(13)));
                BitSet bytes = lent.computeIfAbsent(buffer.memory().bytes(), m -> new BitSet());
                int first = buffer.offset() / 256;
                int last = first + buffer.capacity() / 256;
                assertEquals(0, bytes.get(first, last).cardinality());
                bytes.set(first, last);
                out.add(buffer);
                if (out.size() > 200) {
                  giveBack(out.remove(0), lent);
                }
              } else {
                giveBack(out.remove(random.nextInt(out.size())), lent);
              }
            }
            out.forEach(IoBuffer::release);
            during.complete(system.executors().get(0).stats());
          });
      ExecutorStats stats = Systems.get(during);
      assertEquals(0, stats.buffersLent());
      assertEquals(0, stats.bufferWaits());
    }
  }

  private static void giveBack(IoBuffer buffer, IdentityHashMap<Object, BitSet> lent) {
    BitSet bytes = lent.get(buffer.memory().bytes());
    assertNotNull(bytes);
    int first = buffer.offset() / 256;
    bytes.clear(first, first + buffer.capacity() / 256);
    buffer.release();
  }

  /** What is beyond 16 MiB of one size is left to the collector. */
  @Test
  void notEverythingIsKept() {
    try (ActorSystem system = Systems.open("nio", 1)) {
      CompletableFuture<ExecutorStats> after = new CompletableFuture<>();
      Systems.inTurn(
          system.executors().get(0),
          context -> {
            List<IoBuffer> out = new ArrayList<>();
            for (int i = 0; i < 24 * MIB / 65536; i++) {
              out.add(context.io().buffer(65536));
            }
            assertEquals(24L * MIB, system.executors().get(0).stats().bufferBytes());
            out.forEach(IoBuffer::release);
            after.complete(system.executors().get(0).stats());
          });
      long kept = Systems.get(after).bufferBytes();
      assertTrue(kept >= 15L * MIB && kept <= 16L * MIB + 256 * 1024, kept + " bytes are kept");
    }
  }

  @Test
  void aPartlyLentSlabIsUsedBeforeAnIdleOne() {
    try (ActorSystem system = Systems.open("nio", 1)) {
      Systems.inTurn(
          system.executors().get(0),
          context -> {
            // Three slabs of four pieces; the third is lent from.
            List<IoBuffer> out = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
              out.add(context.io().buffer(65536));
            }
            Object first = out.get(0).memory();
            Object second = out.get(4).memory();
            out.subList(4, 8).forEach(IoBuffer::release);
            out.get(0).release();
            assertSame(first, context.io().buffer(65536).memory());
            assertSame(second, context.io().buffer(65536).memory());
          });
    }
  }
}
