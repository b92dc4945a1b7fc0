package dev.ringlet.testkit.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.SocketOptions;
import dev.ringlet.spi.Errno;
import dev.ringlet.spi.IoHandle;
import dev.ringlet.spi.IoOpcode;
import dev.ringlet.spi.IoRequest;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Connections under everything that can be done to them, in any order: what comes is what was sent,
 * from its beginning, and in the end nothing is left.
 */
final class SimTcpStormTest {
  private static final int RUNS = 150;
  private static final int STEPS = 150;
  private static final InetAddress ONE = ip(1);
  private static final InetAddress OTHER = ip(2);
  private static final Set<Integer> ERRORS =
      Set.of(Errno.ECONNRESET, Errno.EPIPE, Errno.ETIMEDOUT, Errno.ECANCELED, Errno.ENOTCONN);

  private static InetAddress ip(int last) {
    return new InetSocketAddress("10.1.0." + last, 0).getAddress();
  }

  /** One end, with at most one send and one receive in flight. */
  private static final class End {
    private final ProcessRig process;
    private final IoHandle handle;
    private Call send;
    private Call receive;
    private Call close;
    private long sent;
    private long received;
    private boolean hasFailed;
    private boolean hasEnded;

    private End(ProcessRig process, IoHandle handle) {
      this.process = process;
      this.handle = handle;
    }

    private boolean isOpen() {
      return close == null && !hasFailed && !hasEnded;
    }

    private boolean hasNews() {
      return (send != null && send.isFinished())
          || (receive != null && !receive.completions.isEmpty());
    }

    /** Goes on from what has ended. */
    private void look() {
      if (send != null && send.isFinished()) {
        check(send);
        sent += Math.max(0, send.last().result());
        send.buffer.release();
        send = null;
      }
      if (receive != null) {
        receive.completions.forEach(this::receive);
        if (receive.isFinished()) {
          check(receive);
          hasEnded |= receive.last().result() == 0 && !hasFailed;
          receive = null;
        } else {
          receive.completions.clear();
        }
      }
    }

    private void receive(Call.Completion completion) {
      if (completion.payload() instanceof IoBuffer buffer) {
        for (byte each : ProcessRig.take(buffer)) {
          assertEquals(content(received++), each);
        }
      }
    }

    private void check(Call call) {
      int result = call.last().result();
      hasFailed |= result < 0 && result != -Errno.ECANCELED;
      assertTrue(result >= 0 || ERRORS.contains(-result), call::toString);
    }
  }

  private static byte content(long position) {
    return (byte) (position * 31 + (position >> 8));
  }

  private final List<IoBuffer> buffers = new ArrayList<>();
  private final List<End> ends = new ArrayList<>();

  /** Whether nothing is closed or reset in this run, before its end. */
  private boolean calm;

  @Test
  void whatComesIsWhatWasSent() {
    for (int seed = 0; seed < RUNS; seed++) {
      storm(seed, FaultPlan.none());
    }
  }

  @Test
  void soItIsWithFaults() {
    FaultPlan plan =
        FaultPlan.none()
            .withVariety(true)
            .withProbability(Fault.SHORT_TRANSFER, 0.3)
            .withProbability(Fault.SLOW, 0.02)
            .withProbability(Fault.LATE_COMPLETION, 0.2)
            .withProbability(Fault.SUBMISSION_QUEUE_FULL, 0.2)
            .withProbability(Fault.COMPLETION_OVERFLOW, 0.2)
            .withProbability(Fault.BUFFER_SHORTAGE, 0.1)
            .withProbability(Fault.CANCEL_RACE, 0.5)
            .withProbability(Fault.EARLY_END, 0.3);
    for (int seed = 0; seed < RUNS; seed++) {
      storm(seed, plan);
    }
  }

  private void storm(long seed, FaultPlan plan) {
    calm = seed % 2 == 0;
    SimWorld world = new SimWorld(seed, plan);
    SimRandom random = new SimRandom(seed, "storm");
    ProcessRig one = new ProcessRig(world, world.drivers(ONE));
    ProcessRig other = new ProcessRig(world, world.drivers(OTHER));
    ends.clear();
    buffers.clear();
    connect(one, other);
    boolean vanished = false;
    for (int i = 0; i < STEPS; i++) {
      End end = ends.get(random.index(ends.size()));
      act(random, end);
      vanished |= disturb(random, world.network());
      one.settle(random.between(0, 300_000));
      other.poll();
      ends.forEach(End::look);
      checkEnds();
    }
    world.network().heal();
    if (!vanished) {
      deliver();
    }
    finish(world, one, other);
    assertEquals(List.of(), world.findings(), "seed " + seed);
    assertEquals(0, world.network().openEnds(), "seed " + seed);
    assertTrue(buffers.stream().allMatch(IoBuffer::isReleased), "seed " + seed);
  }

  /** Who has come to the end has all. */
  private void checkEnds() {
    for (int i = 0; i < ends.size(); i++) {
      End end = ends.get(i);
      if (end.hasEnded && !end.hasFailed) {
        assertEquals(ends.get(i ^ 1).sent, end.received, "at the end");
      }
    }
  }

  /** Where both ends are there, all that is sent comes. */
  private void deliver() {
    for (int i = 0; i < ends.size(); i++) {
      End end = ends.get(i);
      End peer = ends.get(i ^ 1);
      while (end.isOpen() && peer.isOpen() && (peer.send != null || end.received < peer.sent)) {
        if (end.receive == null) {
          end.receive = end.process.submit(Call.receive(end.handle));
        }
        end.process.until(this::isAhead);
        ends.forEach(End::look);
      }
      assertTrue(!calm || (end.isOpen() && end.received == peer.sent), "all has come");
    }
  }

  /** Whether there is something to look at; buffers would be missing else. */
  private boolean isAhead() {
    ends.forEach(end -> end.process.poll());
    return ends.stream().anyMatch(End::hasNews);
  }

  private void connect(ProcessRig one, ProcessRig other) {
    InetSocketAddress address = new InetSocketAddress(ONE, 80);
    IoHandle listener = one.handle(Call.listen(address, 10));
    SocketOptions small = SocketOptions.defaults().withSendBuffer(3_000).withReceiveBuffer(2_000);
    for (int i = 0; i < 3; i++) {
      ends.add(new End(other, other.handle(Call.connect(address).with(small))));
      ends.add(new End(one, one.handle(Call.accept(listener))));
    }
    one.close(listener);
  }

  private void act(SimRandom random, End end) {
    if (end.close != null) {
      return;
    }
    switch (calm ? 1 + random.index(57) : random.index(60)) {
      case 0 -> end.close = end.process.submit(Call.close(end.handle).flags(random.index(2)));
      case 1, 2, 3 -> cancel(end, end.send);
      case 4, 5, 6 -> cancel(end, end.receive);
      case 58 -> {
        if (end.send == null) {
          Call shutdown = Call.on(end.handle, IoOpcode.SHUTDOWN_OUTPUT);
          shutdown.buffer = end.process.buffer("");
          end.send = end.process.submit(shutdown);
        }
      }
      default -> {
        if (random.chance(0.4)) {
          send(random, end);
        } else if (end.receive == null) {
          int flags = random.chance(0.5) ? IoRequest.MULTISHOT : 0;
          end.receive = end.process.submit(Call.receive(end.handle).flags(flags));
        }
      }
    }
  }

  private static void cancel(End end, Call call) {
    if (call != null) {
      end.process.driver.cancel(call);
    }
  }

  private void send(SimRandom random, End end) {
    if (end.send != null) {
      return;
    }
    byte[] bytes = new byte[1 + random.index(2_500)];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = content(end.sent + i);
    }
    IoBuffer buffer = end.process.buffer(bytes);
    buffers.add(buffer);
    int flags = random.chance(0.5) ? IoRequest.SEND_ZERO_COPY : 0;
    end.send = end.process.submit(Call.send(end.handle, buffer).flags(flags));
  }

  /** Whether a host has vanished. */
  private boolean disturb(SimRandom random, SimNetwork network) {
    switch (random.index(calm ? 30 : 300)) {
      case 0, 1 -> network.partition(ONE, OTHER);
      case 2 -> network.block(ONE, OTHER);
      case 3, 4, 5, 6 -> network.heal();
      case 100 -> {
        boolean unused = network.reset();
      }
      case 200 -> {
        network.vanish(ONE);
        network.appear(ONE);
        return true;
      }
      default -> {
        // It is left alone.
      }
    }
    return false;
  }

  private void finish(SimWorld world, ProcessRig one, ProcessRig other) {
    for (End end : ends) {
      if (end.close == null) {
        end.close = end.process.submit(Call.close(end.handle));
      }
    }
    for (End end : ends) {
      end.process.until(() -> end.close.isFinished());
      assertEquals(0, end.close.last().result());
      end.look();
    }
    boolean goesOn = true;
    while (goesOn) {
      goesOn = world.stepToNext();
    }
    one.assertQuiet();
    other.assertQuiet();
  }
}
