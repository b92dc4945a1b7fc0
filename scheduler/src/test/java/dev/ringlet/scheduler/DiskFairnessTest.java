package dev.ringlet.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.executor.Latency;
import dev.ringlet.executor.PriorityClass;
import dev.ringlet.executor.Shares;
import dev.ringlet.io.AsyncFile;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoException;
import dev.ringlet.io.IoOp;
import dev.ringlet.scheduler.DiskRig.Work;
import dev.ringlet.spi.IoOpcode;
import dev.ringlet.spi.IoRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** In which order operations get to the disk, by count: a disk without data on a stepped system. */
final class DiskFairnessTest {
  private final List<IoRequest> order = new ArrayList<>();
  private @Nullable StubDisk disk;

  private DiskRig rig(int depth) {
    StubDisk stub = new StubDisk(order::add);
    disk = stub;
    DiskRig rig = new DiskRig(1, depth, unused -> stub);
    rig.driver().letGo();
    return rig;
  }

  private static PriorityClass priorityClass(int number, int shares) {
    return new PriorityClass("class " + number, Shares.of(shares), Latency.notImportant());
  }

  private static AsyncFile file(DiskRig rig, int number) {
    return new DriverFile(rig.core(), StubDisk.HANDLE, Path.of("file " + number), 1, false);
  }

  /** One operation completes, and everybody does what there is to do then. */
  private void completeNext(DiskRig rig) {
    disk().allowed = 1;
    do {
      // until all have done what there is to do
    } while (rig.step());
  }

  private void end(DiskRig rig, Busy... all) {
    for (Busy busy : all) {
      busy.over = true;
    }
    disk().allowed = Integer.MAX_VALUE;
    rig.rest();
  }

  /** Keeps a number of operations outstanding until it is told to end. */
  private static final class Busy {
    private final Supplier<IoOp<IoBuffer>> read;
    private long done;
    private boolean over;

    Busy(Supplier<IoOp<IoBuffer>> read) {
      this.read = read;
    }

    void keep(ActorContext<Work> context, int outstanding) {
      for (int i = 0; i < outstanding; i++) {
        again(context);
      }
    }

    private void again(ActorContext<Work> context) {
      if (!over) {
        context.pipe(read.get(), (buffer, failure) -> next -> ended(next, buffer, failure));
      }
    }

    private void ended(ActorContext<Work> context, @Nullable IoBuffer buffer, IoException failure) {
      if (buffer != null && failure == null) {
        buffer.release();
        done++;
        again(context);
      }
    }
  }

  /**
   * Classes that always want more get the disk in proportion to their shares, within 1 % and what
   * is in flight, whatever the depth; and none waits for much longer than its share implies.
   */
  @Property(tries = 15)
  void operationsAreInProportionToShares(
      @ForAll @Size(min = 2, max = 5) List<@IntRange(min = 10, max = 1000) Integer> shares,
      @ForAll @IntRange(min = 1, max = 8) int depth) {
    order.clear();
    int sum = shares.stream().mapToInt(Integer::intValue).sum();
    List<Busy> all = new ArrayList<>();
    try (DiskRig rig = rig(depth)) {
      for (int i = 0; i < shares.size(); i++) {
        AsyncFile file = file(rig, i);
        Busy busy = new Busy(() -> file.read(0, 4096));
        all.add(busy);
        ActorRef<Work> actor = rig.actor(priorityClass(i, shares.get(i)));
        actor.tell(context -> busy.keep(context, depth + 8));
      }
      rig.rest();
      order.clear();
      while (order.size() < 4_000) {
        completeNext(rig);
      }
      for (int i = 0; i < shares.size(); i++) {
        String path = "read file " + i;
        long own = 0;
        int last = 0;
        for (int at = 0; at < order.size(); at++) {
          if (order.get(at).toString().equals(path)) {
            own++;
            assertTrue(at - last <= 2 * (sum / shares.get(i) + shares.size()), path + " starves");
            last = at;
          }
        }
        double expected = (double) order.size() * shares.get(i) / sum;
        double tolerance = 0.01 * expected + shares.size() + depth;
        assertEquals(
            expected, (double) own, tolerance, path + " of " + shares + " at depth " + depth);
      }
      end(rig, all.toArray(Busy[]::new));
    }
  }

  /** With equal shares they get equal parts of the disk, not equal numbers of operations. */
  @Test
  void largeOperationsAndWritesCountForMore() {
    try (DiskRig rig = rig(1)) {
      int large = 1 << 20;
      Busy small = new Busy(() -> file(rig, 0).read(0, 4096));
      Busy big = new Busy(() -> file(rig, 1).read(0, large));
      rig.actor(priorityClass(0, 100)).tell(context -> small.keep(context, 64));
      rig.actor(priorityClass(1, 100)).tell(context -> big.keep(context, 4));
      rig.rest();
      while (big.done < 200) {
        completeNext(rig);
      }
      double expected = (double) (DiskCost.FIXED + large) / (DiskCost.FIXED + 4096);
      assertEquals(expected, (double) small.done / big.done, 0.02 * expected);
      end(rig, small, big);
    }
    IoRequest request = new StubRequest();
    request.length = 4096;
    request.opcode = IoOpcode.READ;
    long read = DiskCost.of(request);
    request.opcode = IoOpcode.WRITE;
    assertEquals(DiskCost.WRITE_FACTOR * read, DiskCost.of(request));
    request.opcode = IoOpcode.DATA_SYNC;
    assertTrue(DiskCost.of(request) > DiskCost.WRITE_FACTOR * read);
    request.opcode = IoOpcode.SIZE;
    assertEquals(DiskCost.FIXED, DiskCost.of(request));
  }

  private static final class StubRequest extends IoRequest {}

  /** Whoever has wanted nothing for long gets its share then, and nothing for the time before. */
  @Test
  void idlenessEarnsNoCredit() {
    try (DiskRig rig = rig(2)) {
      Busy always = new Busy(() -> file(rig, 0).read(0, 4096));
      Busy late = new Busy(() -> file(rig, 1).read(0, 4096));
      rig.actor(priorityClass(0, 500)).tell(context -> always.keep(context, 16));
      ActorRef<Work> second = rig.actor(priorityClass(1, 500));
      rig.rest();
      while (always.done < 2_000) {
        completeNext(rig);
      }
      second.tell(context -> late.keep(context, 16));
      rig.rest();
      long before = always.done;
      while (late.done < 500) {
        completeNext(rig);
      }
      assertEquals(500.0, (double) (always.done - before), 4);
      end(rig, always, late);
    }
  }

  /** Where there are places nobody waits, and nothing is charged that could be a debt later. */
  @Test
  void whatWasDoneWhileNobodyWaitedIsNoDebt() {
    try (DiskRig rig = rig(8)) {
      Busy alone = new Busy(() -> file(rig, 0).read(0, 4096));
      ActorRef<Work> first = rig.actor(priorityClass(0, 1));
      first.tell(context -> alone.keep(context, 8));
      rig.rest();
      while (alone.done < 1_000) {
        completeNext(rig);
      }
      assertEquals(0, rig.disk(priorityClass(0, 1)).waitingPeak());
      assertEquals(0, ((ActorCell<Work>) first).queue().disk().vruntime);
      end(rig, alone);
    }
  }

  /**
   * A latency class in debt is passed to the front once three quarters of its bound are over, for
   * one operation.
   */
  @Test
  void aLatencyClassPassesWhenItsBoundIsNearlyOver() {
    PriorityClass urgent =
        new PriorityClass("urgent", Shares.of(1), Latency.matters(Duration.ofMillis(4)));
    try (DiskRig rig = rig(1)) {
      Busy batch = new Busy(() -> file(rig, 0).read(0, 4096));
      rig.actor(priorityClass(0, 1000)).tell(context -> batch.keep(context, 16));
      rig.rest();
      ActorRef<Work> actor = rig.actor(urgent);
      Busy dear = new Busy(() -> file(rig, 1).read(0, 1 << 20));
      actor.tell(context -> dear.keep(context, 1));
      rig.rest();
      dear.over = true;
      while (dear.done == 0) {
        completeNext(rig);
      }
      // Now it is in debt by a megabyte for one share, and wants two more at once.
      Busy hasty = new Busy(() -> file(rig, 2).read(0, 4096));
      actor.tell(context -> hasty.keep(context, 2));
      rig.rest();
      for (int i = 0; i < 50; i++) {
        rig.nowNanos += 50_000;
        completeNext(rig);
      }
      assertEquals(0, hasty.done, "it has used more than its share");
      rig.nowNanos += 500_000;
      for (int i = 0; i < 50; i++) {
        completeNext(rig);
      }
      assertEquals(1, hasty.done, "once");
      end(rig, batch, hasty);
    }
  }

  private StubDisk disk() {
    assert disk != null;
    return disk;
  }

  /** It goes on before others, and the depth is kept all the same. */
  @Test
  void aShortReadKeepsItsPlace() {
    try (DiskRig rig = rig(2)) {
      Busy readers = new Busy(() -> file(rig, 0).read(0, 4096));
      rig.actor(priorityClass(0, 100)).tell(context -> readers.keep(context, 6));
      rig.rest();
      disk().mostBytes = 1024;
      while (readers.done < 100) {
        completeNext(rig);
        assertTrue(disk().inFlight() <= 2, disk().inFlight() + " in flight");
        assertEquals(disk().inFlight(), rig.core().stats().diskInFlight());
      }
      for (int i = 2; i < 300; i++) {
        IoRequest part = order.get(i);
        int wanted = i;
        assertTrue(
            order.subList(i - 2, i).contains(part) || order.indexOf(part) == i,
            () -> "part " + wanted + " is that of another read than those begun");
      }
      end(rig, readers);
    }
  }
}
