package dev.ringlet.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.SocketOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Cancelling: whatever the moment, a request has one last completion. */
interface CancelContract extends SocketCloseContract, FileContract {
  /** One request of each kind, on what it needs. */
  default List<TestRequest> oneOfEach() throws IOException {
    int flags = IoRequest.OPEN_READ | IoRequest.OPEN_WRITE | IoRequest.OPEN_CREATE;
    Path path = directory().resolve("each");
    IoHandle file = rig().handle(TestRequest.open(path, flags));
    IoHandle connection = peers().pair().handle();
    IoHandle listener = listener();
    IoHandle ended = peers().pair().handle();
    List<TestRequest> requests = new ArrayList<>();
    requests.add(TestRequest.open(path, flags));
    requests.add(TestRequest.read(file, 0, rig().buffer(10)));
    requests.add(TestRequest.write(file, 0, rig().buffer(new byte[10])));
    requests.add(TestRequest.dataSync(file));
    requests.add(TestRequest.truncate(file, 5));
    requests.add(TestRequest.size(file));
    requests.add(TestRequest.sync(file));
    requests.add(TestRequest.syncRange(file, 0, 5));
    requests.add(TestRequest.lock(file, 0, 5, IoRequest.LOCK_EXCLUSIVE));
    IoBuffer[] vector = {rig().buffer(5), rig().buffer(5)};
    requests.add(TestRequest.vector(IoOpcode.READ_VECTOR, file, 0, 0, 10, vector));
    IoBuffer[] bytes = {rig().buffer(new byte[5]), rig().buffer(new byte[5])};
    requests.add(TestRequest.vector(IoOpcode.WRITE_VECTOR, file, 0, 0, 10, bytes));
    requests.add(TestRequest.allocate(file, 0, 5, 0));
    requests.add(TestRequest.stat(file));
    requests.add(TestRequest.stat(directory(), 0));
    addOnPaths(requests);
    addOnPipes(requests, file);
    addOnDatagrams(requests);
    requests.add(TestRequest.listen(Peers.anyPort(), 16, 0));
    requests.add(TestRequest.accept(listener));
    requests.add(TestRequest.accept(listener).multishot());
    requests.add(TestRequest.connect(peers().serverAddress()));
    requests.add(TestRequest.receive(connection));
    requests.add(TestRequest.receive(ended).multishot());
    requests.add(TestRequest.send(connection, rig().buffer(new byte[10])));
    requests.add(TestRequest.sendAll(connection, 0, bytes));
    // An empty file may be one whose size nobody knows, which a driver need not send.
    IoHandle sent = open(Files.write(directory().resolve("sent"), new byte[5]), READ);
    requests.add(TestRequest.sendFile(connection, sent, 0, 5));
    requests.add(TestRequest.configure(connection, SocketOptions.defaults().withNoDelay(true)));
    requests.add(TestRequest.shutdownOutput(ended));
    requests.add(TestRequest.delay(Duration.ofHours(1)));
    return requests;
  }

  private void addOnPaths(List<TestRequest> requests) throws IOException {
    requests.add(TestRequest.makeDirectory(directory().resolve("made"), 0700));
    for (IoOpcode opcode : List.of(IoOpcode.SYMLINK, IoOpcode.LINK, IoOpcode.RENAME)) {
      Path from = Files.createFile(directory().resolve("from " + opcode));
      requests.add(TestRequest.onTwo(opcode, from, directory().resolve("to " + opcode), 0));
    }
    requests.add(TestRequest.unlink(Files.createFile(directory().resolve("gone")), 0));
  }

  private void addOnPipes(List<TestRequest> requests, IoHandle file) {
    requests.add(TestRequest.pipe());
    requests.add(TestRequest.standard(2));
    IoHandle empty = rig().payload(PipeEnds.class, TestRequest.pipe()).readEnd();
    requests.add(TestRequest.receiveFile(empty, file, 0, 5));
  }

  private void addOnDatagrams(List<TestRequest> requests) throws IOException {
    requests.add(TestRequest.bindDatagram(Peers.anyPort(), null));
    IoHandle socket = rig().handle(TestRequest.bindDatagram(Peers.anyPort(), null));
    requests.add(TestRequest.receiveDatagram(socket));
    requests.add(TestRequest.receiveDatagram(socket).multishot());
    IoBuffer datagram = rig().buffer(new byte[10]);
    requests.add(TestRequest.sendDatagram(socket, datagram, peers().serverAddress()));
    InetAddress group = InetAddress.getByAddress(new byte[] {(byte) 239, 1, 2, 3});
    int via = NetworkInterface.getByInetAddress(InetAddress.getLoopbackAddress()).getIndex();
    requests.add(TestRequest.membership(IoOpcode.JOIN_GROUP, socket, group, via));
    IoHandle member = rig().handle(TestRequest.bindDatagram(Peers.anyPort(), null));
    assertEquals(0, rig().run(TestRequest.membership(IoOpcode.JOIN_GROUP, member, group, via)));
    requests.add(TestRequest.membership(IoOpcode.LEAVE_GROUP, member, group, via));
  }

  @Test
  default void everyKindIsAmongThem() throws IOException {
    Set<IoOpcode> left = EnumSet.allOf(IoOpcode.class);
    oneOfEach().forEach(request -> left.remove(request.opcode));
    left.remove(IoOpcode.CLOSE); // it is not cancelled
    left.removeAll(Set.of(IoOpcode.SEND_DESCRIPTOR, IoOpcode.RECEIVE_DESCRIPTORS));
    assertEquals(Set.of(), left, "besides those of DescriptorContract");
  }

  default void assertOneEndEach(List<TestRequest> requests) {
    for (TestRequest request : requests) {
      int result = rig().await(request).last().result();
      boolean refused = request.opcode == IoOpcode.ALLOCATE && result == -Errno.EOPNOTSUPP;
      assertTrue(result >= 0 || result == -Errno.ECANCELED || refused, request::toString);
    }
    rig().settle();
    for (TestRequest request : requests) {
      assertEquals(1, request.completions.size(), request::toString);
      assertFalse(request.last().more());
    }
  }

  @Test
  default void everyKindIsCancelledBeforeTheKernelHasSeenIt() throws IOException {
    List<TestRequest> requests = oneOfEach();
    for (TestRequest request : requests) {
      rig().submit(request);
      rig().cancel(request);
    }
    assertOneEndEach(requests);
  }

  @Test
  default void everyKindIsCancelledInFlight() throws IOException {
    List<TestRequest> requests = oneOfEach();
    requests.forEach(rig()::submit);
    rig().driver.flush();
    requests.forEach(rig()::cancel);
    assertOneEndEach(requests);
  }

  @Test
  default void everyKindIsCancelledLate() throws IOException {
    List<TestRequest> requests = oneOfEach();
    requests.forEach(rig()::submit);
    rig().settle();
    requests.forEach(rig()::cancel);
    assertOneEndEach(requests);
  }

  @Test
  default void cancellingTwiceIsCancellingOnce() throws IOException {
    List<TestRequest> requests = oneOfEach();
    requests.forEach(rig()::submit);
    requests.forEach(rig()::cancel);
    requests.forEach(rig()::cancel);
    rig().driver.flush();
    requests.forEach(rig()::cancel);
    assertOneEndEach(requests);
    requests.forEach(rig()::cancel);
    assertOneEndEach(requests);
  }

  @Test
  default void aRequestThatWasNeverSubmittedIsLeftAlone() {
    TestRequest delay = TestRequest.delay(Duration.ZERO);
    rig().cancel(delay);
    rig().settle();
    assertTrue(delay.completions.isEmpty());
    assertEquals(0, rig().run(delay));
  }

  @Test
  default void aRequestOfAnotherDriverIsLeftAlone() {
    DriverRig other = new DriverRig(provider());
    TestRequest own = rig().submit(TestRequest.delay(Duration.ofMillis(20)));
    TestRequest foreign = other.submit(TestRequest.delay(Duration.ofMillis(20)));
    rig().cancel(foreign);
    other.cancel(own);
    assertEquals(0, rig().await(own).last().result());
    assertEquals(0, other.await(foreign).last().result());
    other.finish();
  }

  @Test
  default void aRequestIsSubmittedAgainAfterItWasCancelled() {
    TestRequest delay = TestRequest.delay(Duration.ofHours(1));
    for (int i = 0; i < 1_000; i++) {
      rig().submit(delay);
      rig().cancel(delay);
      assertEquals(-Errno.ECANCELED, rig().await(delay).last().result());
    }
    assertEquals(1_000, delay.completions.size());
  }

  /** A late answer to a cancellation must not hit the request's next use. */
  @Test
  default void cancellingDoesNotReachTheNextUse() throws IOException {
    IoHandle file = open(file(new byte[10]), READ);
    IoBuffer buffer = rig().buffer(10);
    TestRequest read = TestRequest.read(file, 0, buffer);
    int completed = 0;
    for (int i = 0; i < 500; i++) {
      rig().submit(read);
      rig().driver.flush();
      rig().cancel(read);
      rig().await(read);
      if (rig().run(read) == 10) {
        completed++;
      }
    }
    assertEquals(500, completed);
  }

  @Test
  default void aCancelledReceiveLeavesTheConnectionInOrder() throws IOException {
    Peers.Pair pair = peers().pair();
    TestRequest receive = TestRequest.receive(pair.handle());
    for (int i = 0; i < 100; i++) {
      rig().submit(receive);
      rig().driver.flush();
      rig().cancel(receive);
      assertEquals(-Errno.ECANCELED, rig().await(receive).last().result());
    }
    pair.peer().getOutputStream().write(7);
    assertEquals(1, rig().run(receive));
    assertEquals(7, rig().take(receive.last())[0]);
  }
}
