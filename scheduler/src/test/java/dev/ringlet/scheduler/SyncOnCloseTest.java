package dev.ringlet.scheduler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.io.AsyncFile;
import dev.ringlet.io.FileDraft;
import dev.ringlet.io.FileOutput;
import dev.ringlet.io.OutputOptions;
import dev.ringlet.scheduler.HoldingDriver.Submitted;
import dev.ringlet.spi.IoOpcode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is on the disk when the end of an output or of a draft is told, by a disk that waits. */
@OnBothDrivers
final class SyncOnCloseTest {
  private static final int BLOCK = 1000;
  private static final int BLOCKS = 3;

  /** In blocks of one size, so that their number is known. */
  private static final OutputOptions OPTIONS = OutputOptions.defaults().withBufferBytes(BLOCK);

  private static final Set<IoOpcode> WATCHED =
      Set.of(IoOpcode.WRITE, IoOpcode.DATA_SYNC, IoOpcode.SYNC, IoOpcode.CLOSE);

  private final String driver;
  private final byte[] data = FileWorkbench.bytes(new Random(11), BLOCKS * BLOCK);
  @TempDir private Path folder;
  private DiskRig rig;

  SyncOnCloseTest(String driver) {
    this.driver = driver;
  }

  @BeforeEach
  void open() {
    rig = new DiskRig(driver, 1, 2 * BLOCKS);
  }

  @AfterEach
  void close() {
    rig.close();
    assertEquals(0, rig.buffersLent(), "buffers that were not given back");
  }

  /** What was done to the file, in this order. */
  private List<IoOpcode> done() {
    return rig.driver().submitted().stream()
        .map(Submitted::opcode)
        .filter(WATCHED::contains)
        .toList();
  }

  /** All is with the disk, and then that was done and no more. */
  private void awaitDone(IoOpcode... opcodes) {
    List<IoOpcode> expected = new ArrayList<>(Collections.nCopies(BLOCKS, IoOpcode.WRITE));
    expected.addAll(List.of(opcodes));
    rig.stepUntil(() -> done().size() >= expected.size());
    rig.rest();
    assertEquals(expected, done());
  }

  /** While the disk has not told of a write, nothing comes after it. */
  private void awaitWritten(CompletionStage<?> end) {
    awaitDone();
    rig.driver().letGo(IoOpcode.WRITE);
    assertFalse(end.toCompletableFuture().isDone());
  }

  private void write(FileOutput output) {
    output.write(data).toCompletionStage();
  }

  private FileOutput output(OutputOptions options) {
    FileOutput output = rig.open(folder.resolve("file")).output(options);
    write(output);
    return output;
  }

  @Test
  void aCloseSyncsAfterTheLastWriteAndIsDoneAfterThat() throws IOException {
    FileOutput output = output(OPTIONS);
    CompletionStage<Long> close = output.close().toCompletionStage();
    awaitWritten(close);
    awaitDone(IoOpcode.DATA_SYNC);
    assertFalse(close.toCompletableFuture().isDone());
    rig.driver().letGo();
    assertEquals(data.length, rig.get(close));
    awaitDone(IoOpcode.DATA_SYNC, IoOpcode.CLOSE);
    assertArrayEquals(data, Files.readAllBytes(folder.resolve("file")));
  }

  @Test
  void aCloseWithoutSyncDoesNone() throws IOException {
    FileOutput output = output(OPTIONS.withoutSyncOnClose());
    CompletionStage<Long> close = output.close().toCompletionStage();
    awaitWritten(close);
    assertEquals(data.length, rig.get(close));
    awaitDone(IoOpcode.CLOSE);
    assertArrayEquals(data, Files.readAllBytes(folder.resolve("file")));
  }

  @Test
  void whatIsSyncedAlreadyIsNotSyncedByTheClose() {
    FileOutput output = output(OPTIONS);
    CompletionStage<Long> sync = output.sync().toCompletionStage();
    awaitWritten(sync);
    awaitDone(IoOpcode.DATA_SYNC);
    CompletionStage<Long> close = output.close().toCompletionStage();
    rig.rest();
    assertFalse(sync.toCompletableFuture().isDone());
    assertFalse(close.toCompletableFuture().isDone());
    rig.driver().letGo();
    assertEquals(data.length, rig.get(sync));
    assertEquals(data.length, rig.get(close));
    awaitDone(IoOpcode.DATA_SYNC, IoOpcode.CLOSE);
  }

  /** The file before it has its name, then the folder; also if the options say otherwise. */
  @Test
  void aSealSyncsTheFileAndThenItsFolder() throws IOException {
    Path path = folder.resolve("sealed");
    FileDraft draft =
        rig.get(rig.core().io().draft(path, OPTIONS.withoutSyncOnClose()).toCompletionStage());
    write(draft.output());
    try (Recording recording = new Recording()) {
      recording.enable("jdk.FileForce").withoutThreshold();
      recording.start();
      CompletionStage<AsyncFile> seal = draft.seal().toCompletionStage();
      awaitWritten(seal);
      awaitDone(IoOpcode.DATA_SYNC);
      assertFalse(Files.exists(path), "it has its name before it is on the disk");
      assertFalse(seal.toCompletableFuture().isDone());
      rig.driver().letGo();
      AsyncFile sealed = rig.get(seal);
      recording.stop();
      awaitDone(IoOpcode.DATA_SYNC, IoOpcode.CLOSE);
      assertArrayEquals(data, Files.readAllBytes(path));
      assertEquals(1, syncsOfTheFolder(recording));
      rig.get(sealed.close().toCompletionStage());
    }
  }

  /** It is not the driver that syncs it, so the virtual machine is asked. */
  private long syncsOfTheFolder(Recording recording) throws IOException {
    Path file = folder.resolve("recording.jfr");
    recording.dump(file);
    return RecordingFile.readAllEvents(file).stream().filter(this::isOfTheFolder).count();
  }

  private boolean isOfTheFolder(RecordedEvent event) {
    boolean is = folder.toString().equals(event.getString("path"));
    assertTrue(!is || event.getBoolean("metaData"), "names are metadata");
    return is;
  }
}
