package dev.ringlet.spi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.io.UnixAddress;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/**
 * How a driver of the JDK's channels refuses what those have not: with EOPNOTSUPP and the way out,
 * and all else goes on. The other side of {@link DescriptorContract} and {@link
 * UnixDatagramContract}.
 */
public interface RefusalContract extends DriverContractPart {
  private void refuses(TestRequest request) {
    rig().fails(Errno.EOPNOTSUPP, request);
    assertFalse(request.last().more());
    String said = assertInstanceOf(Throwable.class, request.last().payload()).getMessage();
    assertTrue(said.contains("uring driver"), said);
  }

  @Test
  default void unixDatagramsAreRefused() {
    UnixAddress near = UnixAddress.of(directory().resolve("near"));
    UnixAddress far = UnixAddress.of(directory().resolve("far"));
    refuses(TestRequest.bindDatagram(near, null));
    refuses(TestRequest.bindDatagram(near, far));
    refuses(TestRequest.bindDatagram(UnixAddress.ofAbstract("ringlet " + directory()), null));
    assertFalse(Files.exists(directory().resolve("near")), "no file of what was not made");
  }

  @Test
  default void passedDescriptorsAreRefusedAndTheConnectionGoesOn() throws IOException {
    UnixAddress address = UnixAddress.of(directory().resolve("passing"));
    IoHandle listener = rig().handle(TestRequest.listen(address, 16, 0));
    TestRequest accept = rig().submit(TestRequest.accept(listener));
    IoHandle near = rig().handle(TestRequest.connect(address));
    IoHandle far = (IoHandle) rig().await(accept).last().payload();
    Files.writeString(directory().resolve("file"), "content");
    IoHandle file =
        rig().handle(TestRequest.open(directory().resolve("file"), IoRequest.OPEN_READ));
    int before = DriverRig.descriptors();
    refuses(TestRequest.sendDescriptor(near, rig().buffer(Bytes.of("x")), file));
    refuses(TestRequest.receiveDescriptors(far));
    assertEquals(before, DriverRig.descriptors());
    TestRequest receive = rig().submit(TestRequest.receive(far));
    rig().settle();
    assertFalse(receive.isFinished(), "nothing of the refused send has come");
    assertEquals(1, rig().run(TestRequest.send(near, rig().buffer(Bytes.of("y")))));
    assertArrayEquals(Bytes.of("y"), rig().take(rig().await(receive).last()));
    assertEquals(7, rig().run(TestRequest.read(file, 0, rig().buffer(100))));
    rig().close(near);
    TestRequest end = rig().await(rig().submit(TestRequest.receive(far)));
    assertEquals(0, end.last().result());
    assertNull(end.last().payload());
  }
}
