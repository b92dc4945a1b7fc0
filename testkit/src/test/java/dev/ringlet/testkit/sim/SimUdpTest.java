package dev.ringlet.testkit.sim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.io.Datagram;
import dev.ringlet.io.SocketOptions;
import dev.ringlet.spi.Errno;
import dev.ringlet.spi.IoHandle;
import dev.ringlet.spi.IoOpcode;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** UDP between simulated machines, where the contract of drivers does not reach. */
final class SimUdpTest {
  private final SimWorld world = new SimWorld(5, FaultPlan.NONE);
  private final ProcessRig one = new ProcessRig(world, world.drivers(ip(1)));
  private final ProcessRig two = new ProcessRig(world, world.drivers(ip(2)));

  private static InetAddress ip(int last) {
    return new InetSocketAddress("10.1.0." + last, 0).getAddress();
  }

  @AfterEach
  void nothingIsLeft() {
    one.assertQuiet();
    two.assertQuiet();
  }

  private static IoHandle bound(ProcessRig process, String address, int port) {
    return process.handle(Call.bindDatagram(new InetSocketAddress(address, port), null));
  }

  private static Call receive(IoHandle socket) {
    return Call.on(socket, IoOpcode.RECEIVE_DATAGRAM);
  }

  private static byte[] take(Call receive) {
    return ProcessRig.take(((Datagram) receive.last().payload()).data());
  }

  @Test
  void aDatagramComesFromTheAddressOfItsMachine() {
    IoHandle near = bound(one, "0.0.0.0", 0);
    IoHandle far = bound(two, "0.0.0.0", 50);
    InetSocketAddress to = new InetSocketAddress(ip(2), 50);
    assertEquals(5, one.run(Call.sendDatagram(near, one.buffer("hello"), to)));
    Call receive = two.await(two.submit(receive(far)));
    Datagram datagram = (Datagram) receive.last().payload();
    assertEquals(ip(1), datagram.sender().getAddress());
    assertArrayEquals(new byte[] {'h', 'e', 'l', 'l', 'o'}, take(receive));
    one.fails(Errno.EDESTADDRREQ, Call.sendDatagram(near, one.buffer("x"), null));
  }

  @Test
  void aPartitionLosesDatagrams() {
    IoHandle near = bound(one, "0.0.0.0", 0);
    IoHandle far = bound(two, "0.0.0.0", 50);
    InetSocketAddress to = new InetSocketAddress(ip(2), 50);
    world.network().partition(ip(1), ip(2));
    assertEquals(4, one.run(Call.sendDatagram(near, one.buffer("lost"), to)));
    one.settle();
    world.network().heal();
    Call receive = two.submit(receive(far));
    two.settle();
    assertFalse(receive.isFinished());
    assertEquals(4, one.run(Call.sendDatagram(near, one.buffer("next"), to)));
    assertArrayEquals(new byte[] {'n', 'e', 'x', 't'}, take(two.await(receive)));
  }

  @Test
  void latencyChangesTheOrder() {
    IoHandle near = bound(one, "0.0.0.0", 0);
    IoHandle far = bound(two, "0.0.0.0", 50);
    InetSocketAddress to = new InetSocketAddress(ip(2), 50);
    for (int i = 0; i < 50; i++) {
      one.run(Call.sendDatagram(near, one.buffer(new byte[] {(byte) i}), to));
    }
    List<Integer> came = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      came.add((int) take(two.await(two.submit(receive(far))))[0]);
    }
    List<Integer> sorted = came.stream().sorted().toList();
    for (int i = 0; i < 50; i++) {
      assertEquals(i, sorted.get(i));
    }
    assertFalse(sorted.equals(came), "some overtake others");
  }

  private static int arrivalsOf(int count, FaultPlan plan) {
    SimWorld faulty = new SimWorld(1, plan);
    ProcessRig near = new ProcessRig(faulty, faulty.drivers(ip(1)));
    ProcessRig far = new ProcessRig(faulty, faulty.drivers(ip(2)));
    IoHandle from = bound(near, "0.0.0.0", 0);
    IoHandle at = bound(far, "0.0.0.0", 50);
    InetSocketAddress to = new InetSocketAddress(ip(2), 50);
    for (int i = 0; i < count; i++) {
      assertEquals(1, near.run(Call.sendDatagram(from, near.buffer("x"), to)));
    }
    near.settle();
    int came = 0;
    Call receive = far.submit(receive(at));
    for (far.settle(); receive.isFinished(); far.settle()) {
      take(receive);
      came++;
      far.submit(receive);
    }
    return came;
  }

  @Test
  void datagramsAreLostAndComeTwice() {
    assertEquals(10, arrivalsOf(10, FaultPlan.none()));
    assertEquals(0, arrivalsOf(10, FaultPlan.none().withProbability(Fault.DATAGRAM_LOSS, 1)));
    assertEquals(20, arrivalsOf(10, FaultPlan.none().withProbability(Fault.DATAGRAM_COPY, 1)));
  }

  @Test
  void whatFindsNoRoomIsLost() {
    IoHandle near = bound(one, "0.0.0.0", 0);
    Call bind = Call.bindDatagram(new InetSocketAddress("0.0.0.0", 50), null);
    IoHandle far = two.handle(bind.with(SocketOptions.defaults().withReceiveBuffer(10_000)));
    InetSocketAddress to = new InetSocketAddress(ip(2), 50);
    for (int i = 0; i < 50; i++) {
      assertEquals(900, one.run(Call.sendDatagram(near, one.buffer(new byte[900]), to)));
    }
    one.settle();
    int came = 0;
    Call receive = two.submit(receive(far));
    for (two.settle(); receive.isFinished(); two.settle()) {
      take(receive);
      came++;
      two.submit(receive);
    }
    assertEquals(9, came);
    two.driver.cancel(receive);
    assertEquals(-Errno.ECANCELED, two.await(receive).last().result());
  }

  @Test
  void whoIsConnectedHearsThatNobodyIsThere() {
    InetSocketAddress nobody = new InetSocketAddress(ip(2), 50);
    IoHandle near = one.handle(Call.bindDatagram(new InetSocketAddress("0.0.0.0", 0), nobody));
    assertEquals(ip(1), one.driver.localAddress(near).getAddress());
    Call receive = one.submit(receive(near));
    assertEquals(1, one.run(Call.sendDatagram(near, one.buffer("x"), null)));
    assertEquals(-Errno.ECONNREFUSED, one.await(receive).last().result());
    assertEquals(1, one.run(Call.sendDatagram(near, one.buffer("x"), null)));
    one.settle();
    one.fails(Errno.ECONNREFUSED, Call.sendDatagram(near, one.buffer("x"), null));
  }

  @Test
  void aGroupIsOnManyMachines() {
    InetSocketAddress group = new InetSocketAddress("239.1.2.3", 50);
    IoHandle near = bound(one, "0.0.0.0", 50);
    IoHandle far = bound(two, "0.0.0.0", 50);
    Call join = Call.on(far, IoOpcode.JOIN_GROUP).length(1);
    join.address = group;
    assertEquals(0, two.run(join));
    assertEquals(1, one.run(Call.sendDatagram(near, one.buffer("x"), group)));
    assertEquals(1, take(two.await(two.submit(receive(far)))).length);
    join.opcode = IoOpcode.LEAVE_GROUP;
    assertEquals(0, two.run(join));
    Call receive = two.submit(receive(far));
    assertEquals(1, one.run(Call.sendDatagram(near, one.buffer("x"), group)));
    two.settle();
    assertFalse(receive.isFinished());
    two.close(far);
    assertTrue(receive.isFinished());
    assertEquals(-Errno.ECANCELED, receive.last().result());
  }
}
