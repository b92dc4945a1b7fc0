package dev.ringlet.examples.kv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Group commit step by step: each write and sync ends when the test says so. */
final class ShardLogTest {
  private static final long SALT = 7;

  private final FakeContext fake = new FakeContext();

  private ShardLog log(FsyncPolicy policy) {
    return new ShardLog(fake.file, SALT, 0, policy);
  }

  private static void append(ShardLog log, String key) {
    log.journal().delete(Bytes.of(key));
  }

  /** The log's next message, as the shard handles it. */
  private void deliver(ShardLog log, Object message) {
    if (message instanceof ShardMessage.Written written) {
      log.onWritten(written, fake.context);
    } else {
      log.onSynced((ShardMessage.Synced) message, fake.context);
    }
  }

  private String next() {
    return Objects.requireNonNull(fake.pending.peek(), "nothing is under way").name;
  }

  private List<String> written() {
    List<String> keys = new ArrayList<>();
    LogDecoder decoder =
        new LogDecoder(
            SALT,
            0,
            fake.content.length,
            new MutationRecorder(
                mutation -> keys.add(((Mutation.Delete) mutation).key().toString())));
    decoder.feed(ByteBuffer.wrap(fake.content));
    assertEquals(new LogVerdict.Clean(fake.content.length), decoder.verdict());
    return keys;
  }

  @Test
  void alwaysAnswersOnlyAfterTheSync() {
    ShardLog log = log(FsyncPolicy.ALWAYS);
    append(log, "a");
    long position = log.appended();
    assertFalse(log.mayAnswer(position));
    log.flush(fake.context);
    assertEquals("write", next());
    deliver(log, fake.succeed());
    assertFalse(log.mayAnswer(position));
    assertEquals("dataSync", next());
    deliver(log, fake.succeed());
    assertTrue(log.mayAnswer(position));
    assertEquals(position, log.committed());
    assertTrue(fake.pending.isEmpty());
  }

  @Test
  void whatComesDuringACommitGoesWithTheNext() {
    ShardLog log = log(FsyncPolicy.ALWAYS);
    append(log, "a");
    log.flush(fake.context);
    append(log, "b");
    log.flush(fake.context);
    assertEquals(1, fake.pending.size());
    deliver(log, fake.succeed());
    append(log, "c");
    log.flush(fake.context);
    assertEquals(1, fake.pending.size(), "the sync, and no write beside it");
    long first = log.committed();
    deliver(log, fake.succeed());
    assertTrue(log.committed() > first && log.committed() < log.appended());
    deliver(log, fake.succeed());
    deliver(log, fake.succeed());
    assertEquals(List.of("a", "b", "c"), written());
    assertEquals(log.appended(), log.committed());
  }

  @Test
  void heavyLoadSharesOneSync() {
    ShardLog log = log(FsyncPolicy.ALWAYS);
    byte[] large = new byte[1 << 20];
    log.journal().set(Bytes.of("k"), large, large.length, Entry.NEVER);
    log.flush(fake.context);
    int writes = 0;
    while (next().equals("write")) {
      writes++;
      deliver(log, fake.succeed());
    }
    assertTrue(writes >= 4, "a large value goes in pieces: " + writes);
    assertEquals("dataSync", next());
  }

  @Test
  void everySecondSyncsASecondAfterTheFirstWrite() {
    ShardLog log = log(FsyncPolicy.EVERYSEC);
    append(log, "a");
    assertTrue(log.mayAnswer(log.appended()), "answers do not wait");
    log.flush(fake.context);
    assertTrue(fake.timers.isEmpty());
    deliver(log, fake.succeed());
    assertNotNull(fake.timers.remove(new ShardMessage.SyncDue(log)));
    append(log, "b");
    log.flush(fake.context);
    deliver(log, fake.succeed());
    assertTrue(fake.timers.isEmpty(), "one timer is enough");
    log.onSyncDue(fake.context);
    assertEquals("dataSync", next());
    append(log, "c");
    log.flush(fake.context);
    assertEquals(2, fake.pending.size(), "a write does not wait for the sync");
    deliver(log, fake.succeed());
    deliver(log, fake.succeed());
    assertNotNull(fake.timers.get(new ShardMessage.SyncDue(log)));
  }

  @Test
  void noNeverSyncs() {
    ShardLog log = log(FsyncPolicy.NO);
    append(log, "a");
    log.flush(fake.context);
    deliver(log, fake.succeed());
    assertTrue(fake.pending.isEmpty());
    assertTrue(fake.timers.isEmpty());
    assertEquals(log.appended(), log.committed());
  }

  @ParameterizedTest
  @EnumSource(FsyncPolicy.class)
  void failedWriteIsRepeatedFromTheSamePlace(FsyncPolicy policy) {
    ShardLog log = log(policy);
    append(log, "a");
    log.flush(fake.context);
    append(log, "b");
    deliver(log, fake.fail());
    assertNotNull(log.refusal());
    assertTrue(
        InMemoryServer.text(Objects.requireNonNull(log.refusal())).startsWith("-MISCONF Errors"));
    log.flush(fake.context);
    assertTrue(fake.pending.isEmpty(), "nothing before the retry is due");
    assertNotNull(fake.timers.get(new ShardMessage.RetryDue(log)));
    log.onRetryDue(fake.context);
    deliver(log, fake.succeed());
    assertNull(log.refusal());
    assertEquals(List.of("a", "b"), written());
  }

  @Test
  void failedSyncIsForGood() {
    ShardLog log = log(FsyncPolicy.ALWAYS);
    append(log, "a");
    log.flush(fake.context);
    deliver(log, fake.succeed());
    deliver(log, fake.fail());
    assertNotNull(log.refusal());
    assertFalse(log.mayAnswer(log.appended()));
    append(log, "b");
    log.flush(fake.context);
    assertTrue(fake.pending.isEmpty());
    assertNotNull(log.refusal());
  }

  @ParameterizedTest
  @EnumSource(FsyncPolicy.class)
  void closeCompletesTheLogFirst(FsyncPolicy policy) {
    ShardLog log = log(policy);
    append(log, "a");
    log.flush(fake.context);
    append(log, "b");
    log.close(fake.context);
    Object message = fake.succeed();
    while (!(message instanceof ShardMessage.FileClosed)) {
      deliver(log, message);
      assertEquals(1, fake.pending.size());
      message = fake.succeed();
    }
    assertTrue(log.isComplete());
    assertEquals(List.of("a", "b"), written());
  }

  @Test
  void closeOfALogThatCannotBeWrittenEndsNevertheless() {
    ShardLog log = log(FsyncPolicy.ALWAYS);
    append(log, "a");
    log.close(fake.context);
    deliver(log, fake.fail());
    assertEquals("close", next());
    assertInstanceOf(ShardMessage.FileClosed.class, fake.succeed());
    assertFalse(log.isComplete());
  }

  @Test
  void answersAreHeldBackWhileTheBacklogIsLong() {
    ShardLog log = log(FsyncPolicy.NO);
    byte[] large = new byte[40 << 20];
    log.journal().set(Bytes.of("k"), large, large.length, Entry.NEVER);
    long position = log.appended();
    log.flush(fake.context);
    assertFalse(log.mayAnswer(position));
    while (!fake.pending.isEmpty()) {
      deliver(log, fake.succeed());
    }
    assertTrue(log.mayAnswer(position));
  }
}
