package dev.ringlet.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.spi.Errno;
import dev.ringlet.spi.IoOpcode;
import dev.ringlet.spi.IoRequest;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Completions with every error number, for every operation that goes to the ring. */
@RequiresUring
@Timeout(60)
class UringDriverErrnoTest {
  @TempDir Path folder;

  private final DriverFixture io = DriverFixture.normal();

  /** What the kernel may still use, since it was not the kernel that has completed. */
  private final List<Object> kept = new ArrayList<>();

  private static List<Integer> errors() throws IllegalAccessException {
    List<Integer> numbers = new ArrayList<>();
    for (Field field : Errno.class.getFields()) {
      if (Modifier.isStatic(field.getModifiers()) && field.getType() == int.class) {
        numbers.add(field.getInt(null));
      }
    }
    return numbers;
  }

  private boolean inject(TestRequest request, int errno) {
    Operation operation = io.driver.table.slot(request.driverSlot);
    kept.add(request);
    if (operation.pinned != null) {
      kept.add(operation.pinned);
    }
    long userData = UserData.of(request.driverSlot, operation.generation);
    return io.driver.completer.complete(userData, -errno, 0, io::sink);
  }

  /** The kernel's own completion, of what does no harm, comes later and is stale. */
  private void assertTells(Supplier<TestRequest> maker, Set<Integer> armedAgain) throws Exception {
    for (int errno : errors()) {
      TestRequest request = io.submit(maker.get());
      if (armedAgain.contains(errno)) {
        assertFalse(inject(request, errno), () -> request.opcode + " error " + errno);
        assertTrue(request.driverSlot >= 0);
        io.driver.cancel(request);
        io.turnUntil(request::isDone);
        assertEquals(1, request.completions.size());
        continue;
      }
      assertTrue(inject(request, errno), () -> request.opcode + " error " + errno);
      assertEquals(-1, request.driverSlot);
      boolean delayIsOver = request.opcode == IoOpcode.DELAY && errno == Errno.ETIME;
      assertEquals(delayIsOver ? 0 : -errno, request.result(), () -> request.opcode.toString());
      io.turn();
      assertEquals(1, request.completions.size());
      assertEquals(-1, request.driverSlot, "what comes late is not its own");
    }
  }

  private static final Set<Integer> INTERRUPT = Set.of(Errno.EINTR);
  private static final Set<Integer> NEVER = Set.of();

  @Test
  void everyErrorOfFilesIsTold() throws Exception {
    Path path = folder.resolve("data");
    UringHandle file = io.openFile(path);
    assertTells(() -> TestRequest.open(folder.resolve("none"), IoRequest.OPEN_READ), INTERRUPT);
    for (IoOpcode opcode : List.of(IoOpcode.READ, IoOpcode.WRITE)) {
      assertTells(() -> TestRequest.transfer(opcode, file, io.text("text"), 4, 0), INTERRUPT);
    }
    for (IoOpcode opcode :
        List.of(IoOpcode.DATA_SYNC, IoOpcode.SYNC, IoOpcode.SIZE, IoOpcode.STAT)) {
      assertTells(() -> TestRequest.on(file, opcode), INTERRUPT);
    }
    finish();
  }

  @Test
  void everyErrorOfSocketsIsTold() throws Exception {
    UringHandle listener = io.listen();
    DriverFixture.Pair pair = io.pair();
    assertTells(() -> TestRequest.on(listener, IoOpcode.ACCEPT), INTERRUPT);
    assertTells(() -> TestRequest.multishot(listener, IoOpcode.ACCEPT), INTERRUPT);
    Set<Integer> starved = Set.of(Errno.EINTR, Errno.ENOBUFS);
    assertTells(() -> TestRequest.on(pair.server(), IoOpcode.RECEIVE), starved);
    assertTells(() -> TestRequest.multishot(pair.server(), IoOpcode.RECEIVE), starved);
    assertTells(() -> TestRequest.delay(1), NEVER);
    finish();
  }

  /** What the kernel could not send is not tried again for nobody. */
  @Test
  void aSendWithoutACopyThatIsCancelledIsNotSentWithOne() {
    DriverFixture.Pair pair = io.pair();
    for (int errno : List.of(Errno.ENOMEM, Errno.ENOBUFS, Errno.EOPNOTSUPP, Errno.EINTR)) {
      TestRequest send = TestRequest.transfer(IoOpcode.SEND, pair.client(), io.text("text"), 4, 0);
      send.flags = IoRequest.SEND_ZERO_COPY;
      io.submit(send);
      io.driver.cancel(send);
      assertTrue(inject(send, errno), () -> "error " + errno);
      assertEquals(-Errno.ECANCELED, send.result());
      io.turn();
    }
    finish();
  }

  /** Some kernel completions were stale, so the fixture's own close would complain. */
  private void finish() {
    io.turn();
    io.driver.close(io::sink);
    assertEquals(0, io.driver.stats().inFlight());
    assertTrue(io.driver.stats().staleCompletions() > 0, kept.size() + " were injected");
  }
}
