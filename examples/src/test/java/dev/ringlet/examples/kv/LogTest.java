package dev.ringlet.examples.kv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class LogTest {
  private static final long SALT = 0x1234_5678_9ABC_DEF0L;
  private static final int FIRST = LogFormat.FILE_HEADER_BYTES;

  private final ByteArrayOutputStream output = new ByteArrayOutputStream();
  private final LogEncoder encoder = new LogEncoder(SALT, FIRST, output::write);

  /** Where each record begins, and the end of the last. */
  private final List<Long> offsets = new ArrayList<>();

  private boolean syncsEach;

  private void write(Runnable mutation) {
    offsets.add(encoder.offset());
    if (syncsEach) {
      encoder.synced(encoder.offset());
    }
    mutation.run();
  }

  private void writeOneOfEach() {
    write(() -> encoder.set(Bytes.of("key"), Ascii.bytes("valueXX"), 5, Entry.NEVER));
    write(() -> encoder.set(Bytes.of("other"), Ascii.bytes("v"), 1, 12345));
    write(() -> encoder.append(Bytes.of("key"), Ascii.bytes("more")));
    write(() -> encoder.expireAt(Bytes.of("key"), 999));
    write(() -> encoder.delete(Bytes.of("other")));
    write(encoder::clear);
    write(() -> encoder.set(Bytes.of(""), new byte[0], 0, Entry.NEVER));
    offsets.add(encoder.offset());
  }

  private record Replay(List<String> mutations, LogVerdict verdict) {}

  private static Replay replay(byte[] records, int piece) {
    List<String> mutations = new ArrayList<>();
    LogDecoder decoder =
        new LogDecoder(
            SALT,
            FIRST,
            FIRST + records.length,
            new MutationRecorder(mutation -> mutations.add(describe(mutation))));
    for (int from = 0; from < records.length; from += piece) {
      decoder.feed(ByteBuffer.wrap(records, from, Math.min(piece, records.length - from)));
    }
    assertEquals(mutations.size(), decoder.recordCount());
    return new Replay(mutations, decoder.verdict());
  }

  private static String describe(Mutation mutation) {
    if (mutation instanceof Mutation.Set set) {
      return "set " + set.key() + " " + Ascii.text(set.value()) + " " + set.expireAtMillis();
    } else if (mutation instanceof Mutation.Append append) {
      return "append " + append.key() + " " + Ascii.text(append.suffix());
    }
    return mutation.toString();
  }

  @Property(tries = 50)
  void everyMutationComesBack(@ForAll @IntRange(min = 1, max = 200) int piece) {
    output.reset();
    LogTest fresh = new LogTest();
    fresh.writeOneOfEach();
    Replay replay = replay(fresh.output.toByteArray(), piece);
    assertEquals(
        List.of(
            "set key value " + Entry.NEVER,
            "set other v 12345",
            "append key more",
            "ExpireAt[key=key, expireAtMillis=999]",
            "Delete[key=other]",
            "Clear[]",
            "set   " + Entry.NEVER),
        replay.mutations());
    assertEquals(new LogVerdict.Clean(fresh.encoder.offset()), replay.verdict());
  }

  /** A crash may cut the file anywhere: what was whole is kept, the rest cut off. */
  @Test
  void cutAtEveryByteKeepsTheWholeRecords() {
    writeOneOfEach();
    byte[] all = output.toByteArray();
    for (int length = 0; length < all.length; length++) {
      Replay replay = replay(Arrays.copyOf(all, length), 7);
      int whole = wholeRecords(FIRST + length);
      assertEquals(whole, replay.mutations().size(), "cut at " + length);
      long end = offsets.get(whole);
      LogVerdict expected =
          end == FIRST + length ? new LogVerdict.Clean(end) : new LogVerdict.Torn(end);
      assertEquals(expected, replay.verdict(), "cut at " + length);
    }
  }

  private int wholeRecords(long end) {
    int count = 0;
    while (count + 1 < offsets.size() && offsets.get(count + 1) <= end) {
      count++;
    }
    return count;
  }

  /** A crash may also leave zeros where data should be. */
  @Test
  void zeroFilledTailIsCutOff() {
    writeOneOfEach();
    byte[] all = output.toByteArray();
    for (int length = 0; length < all.length; length++) {
      byte[] zeroed = Arrays.copyOf(Arrays.copyOf(all, length), all.length + 5000);
      Replay replay = replay(zeroed, 1000);
      long end = offsets.get(replay.mutations().size());
      assertEquals(new LogVerdict.Torn(end), replay.verdict(), "zeros from " + length);
    }
  }

  /** One wrong byte: in the last record it is torn, before that it is corrupt, never unseen. */
  @Test
  void flipOfEveryByteIsFound() {
    syncsEach = true;
    writeOneOfEach();
    byte[] all = output.toByteArray();
    int lastRecord = offsets.size() - 2;
    for (int index = 0; index < all.length; index++) {
      for (int bit = 0; bit < 8; bit += 3) {
        byte[] damaged = all.clone();
        damaged[index] ^= (byte) (1 << bit);
        Replay replay = replay(damaged, 11);
        int record = wholeRecords(FIRST + index);
        assertEquals(record, replay.mutations().size(), "flip at " + index);
        LogVerdict expected =
            record == lastRecord
                ? new LogVerdict.Torn(offsets.get(record))
                : new LogVerdict.Corrupt(offsets.get(record), offsets.get(record + 1));
        assertEquals(expected, replay.verdict(), "flip at " + index);
      }
    }
  }

  /** Of what was not synced a power loss may leave the last record without the first. */
  @Test
  void holeInWhatWasNotSyncedIsTorn() {
    writeOneOfEach();
    byte[] all = output.toByteArray();
    Arrays.fill(all, 0, 30, (byte) 0);
    assertEquals(new LogVerdict.Torn(FIRST), replay(all, 50).verdict());
  }

  @Test
  void sealTellsThatAllWasSynced() {
    writeOneOfEach();
    encoder.synced(encoder.offset());
    encoder.seal();
    byte[] all = output.toByteArray();
    assertEquals(new LogVerdict.Clean(encoder.offset()), replay(all, 50).verdict());
    assertEquals(7, replay(all, 50).mutations().size());
    int last = offsets.size() - 2;
    all[(int) (offsets.get(last) - FIRST) + 1] ^= 1;
    assertEquals(
        new LogVerdict.Corrupt(offsets.get(last), offsets.get(last + 1)),
        replay(all, 50).verdict());
  }

  /** A value that looks like a record does not turn a torn tail into a corrupt middle. */
  @Test
  void recordInsideAValueIsNotBelieved() {
    LogEncoder forger = new LogEncoder(SALT, FIRST, output::write);
    forger.set(Bytes.of("forged"), Ascii.bytes("x"), 1, Entry.NEVER);
    byte[] forged = output.toByteArray();
    output.reset();
    write(() -> encoder.set(Bytes.of("a"), forged, forged.length, Entry.NEVER));
    byte[] damaged = output.toByteArray();
    Arrays.fill(damaged, 0, LogFormat.RECORD_HEADER_BYTES, (byte) 0);
    assertEquals(new LogVerdict.Torn(FIRST), replay(damaged, 1000).verdict());
  }

  @Test
  void unknownRecordTypeIsCorruptNotTorn() {
    LogEncoder strange =
        new LogEncoder(
            SALT,
            FIRST,
            (bytes, offset, length) -> {
              output.write(bytes, offset, length);
            });
    strange.clear();
    byte[] record = output.toByteArray();
    record[LogFormat.RECORD_HEADER_BYTES] = 99;
    CRC32C crc = new CRC32C();
    crc.update(record, LogFormat.RECORD_HEADER_BYTES, 1);
    LogFormat.putInt(record, LogFormat.PAYLOAD_CRC_INDEX, (int) crc.getValue());
    int headerCrc = LogFormat.headerCrc(crc, new byte[16], SALT, FIRST, record, 0);
    LogFormat.putInt(record, LogFormat.HEADER_CRC_INDEX, headerCrc);
    assertEquals(new LogVerdict.Corrupt(FIRST, FIRST), replay(record, 5).verdict());
  }

  @Test
  void largeRecordsSurviveSmallPieces() {
    byte[] value = new byte[1_000_000];
    new Random(3).nextBytes(value);
    write(() -> encoder.set(Bytes.of("big"), value, value.length, Entry.NEVER));
    write(() -> encoder.delete(Bytes.of("big")));
    Replay replay = replay(output.toByteArray(), 4096);
    assertEquals(2, replay.mutations().size());
    assertEquals("set big " + Ascii.text(value) + " " + Entry.NEVER, replay.mutations().get(0));
  }

  /** A reader that follows a growing log decodes what is there and goes on when there is more. */
  @Test
  void followsAGrowingLog() {
    List<String> seen = new ArrayList<>();
    LogDecoder decoder =
        new LogDecoder(SALT, FIRST, FIRST, new MutationRecorder(m -> seen.add(describe(m))));
    for (int i = 0; i < 3; i++) {
      output.reset();
      encoder.delete(Bytes.of("k" + i));
      decoder.extend(encoder.offset());
      decoder.feed(ByteBuffer.wrap(output.toByteArray()));
      assertEquals(i + 1, seen.size());
      assertEquals(encoder.offset(), decoder.position());
    }
  }

  @Test
  void fileHeaderIsCheckedBitByBit() {
    LogHeader header = new LogHeader(1, 4, SALT);
    byte[] bytes = header.encode();
    assertEquals(LogFormat.FILE_HEADER_BYTES, bytes.length);
    assertEquals(header, LogHeader.decode(bytes));
    for (int i = 0; i < bytes.length * 8; i++) {
      byte[] damaged = bytes.clone();
      damaged[i / 8] ^= (byte) (1 << (i % 8));
      assertNull(LogHeader.decode(damaged), "bit " + i);
    }
    assertNull(LogHeader.decode(Arrays.copyOf(bytes, 31)));
    assertNotNull(LogHeader.decode(Arrays.copyOf(bytes, 100)));
  }
}
