package dev.ringlet.io;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/**
 * An open file.
 *
 * <p>Operations that are in flight together are done in any order, but for {@linkplain #append
 * appends}, which are done in the order in which they are started. What an operation was given, a
 * buffer or a list of them, goes over to it when it is made; when a method throws, it does not.
 *
 * <p>With io_uring every operation goes through the ring but the locks; the NIO driver has the same
 * contract with threads for files, less what is said at the methods.
 *
 * <p>While more operations are started on an executor than its disk is given side by side ({@link
 * dev.ringlet.executor.ExecutorPool#withDiskDepth}), they are done in the order of the shares of
 * their priority classes, and within a class in the order of their start. An operation counts for
 * the class that the actor which waits for it has when it starts; one that was started with {@link
 * IoOp#toCompletionStage()} for the class of the actor that did so, or the default class where it
 * was none.
 *
 * <p><b>Thread:</b> any thread makes operations; its executor runs them. Buffers belong to one
 * holder at a time.
 */
public interface AsyncFile {
  /**
   * The path it was opened by.
   *
   * @return the path
   */
  Path path();

  /**
   * What positions, lengths and the memory of writes must be multiples of, in bytes: 1 unless it
   * was opened with {@link FileOption#DIRECT}. Buffers from {@link Io#buffer} begin at a multiple
   * of it if they are as large. Where neither the kernel (before Linux 6.1) nor the file system
   * tells, it is taken to be 4096.
   *
   * @return 1, or a power of two
   */
  int alignment();

  /**
   * Reads up to a number of bytes; fewer come only at the end of the file. With direct I/O the
   * aligned surroundings are read and the readable part of the buffer is what was asked for. While
   * the executor's buffers have used up their memory it waits for some, see {@link
   * dev.ringlet.executor.ExecutorPool#withBufferMemory}; if the file is closed meanwhile it fails
   * with {@code EBADF} when its turn comes.
   *
   * @param position offset in the file, zero or more
   * @param length how much, 1 to 1 GiB
   * @return the operation; its value is a buffer to release, empty at the end of the file
   * @throws IllegalArgumentException if the length is more than all buffers together may have
   */
  IoOp<IoBuffer> read(long position, int length);

  /**
   * Reads exactly a number of bytes.
   *
   * @param position offset in the file, zero or more
   * @param length how much, 1 to 1 GiB
   * @return the operation; its value is a buffer to release. If the file ends before, ENODATA with
   *     a {@link java.io.EOFException} that tells how much there was
   */
  IoOp<IoBuffer> readExactly(long position, int length);

  /**
   * Reads into several buffers, in order: fills what is writable in each; less is filled only at
   * the end of the file. With direct I/O everything must keep to {@link #alignment()}.
   *
   * @param position offset in the file, zero or more
   * @param buffers 1 to 1024, with 1 byte to 1 GiB writable in all; released if the operation fails
   * @return the operation; its value is the same buffers, what was read readable in them
   */
  IoOp<List<IoBuffer>> read(long position, List<IoBuffer> buffers);

  /**
   * Writes the readable bytes of the buffer, all of them. With direct I/O everything must keep to
   * {@link #alignment()}: pad the last block and {@link #truncate} the file afterwards.
   *
   * @param position offset in the file, zero or more
   * @param buffer goes over to the operation, which releases it whatever happens
   * @return the operation; its value is the number of bytes
   * @throws IllegalStateException if the file was opened with APPEND
   */
  IoOp<Integer> write(long position, IoBuffer buffer);

  /**
   * Writes the readable bytes of several buffers one behind the other, as {@link #write(long,
   * IoBuffer)} does.
   *
   * @param position offset in the file, zero or more
   * @param buffers 1 to 1024, with 1 GiB readable in all at most; go over to the operation, which
   *     releases them whatever happens
   * @return the operation; its value is the number of bytes
   * @throws IllegalStateException if the file was opened with APPEND
   */
  IoOp<Integer> write(long position, List<IoBuffer> buffers);

  /**
   * Writes the readable bytes of the buffer at the end of the file, wherever that is then: the
   * kernel finds it, also where other processes append. Appends of this object are done one after
   * the other. Where the kernel takes less than all, for instance for want of space, what it has
   * taken stays.
   *
   * @param buffer goes over to the operation, which releases it whatever happens
   * @return the operation; its value is the number of bytes
   * @throws IllegalStateException if the file was not opened with APPEND
   */
  IoOp<Integer> append(IoBuffer buffer);

  /**
   * Appends the readable bytes of several buffers, as {@link #append(IoBuffer)} does.
   *
   * @param buffers 1 to 1024, with 1 GiB readable in all at most; go over to the operation, which
   *     releases them whatever happens
   * @return the operation; its value is the number of bytes
   * @throws IllegalStateException if the file was not opened with APPEND
   */
  IoOp<Integer> append(List<IoBuffer> buffers);

  /**
   * The bytes of the whole file in order, read ahead in chunks of 128 KiB.
   *
   * @return as {@link #chunks(ChunkOptions)}
   */
  default IoStream<IoBuffer> chunks() {
    return chunks(ChunkOptions.defaults());
  }

  /**
   * The bytes of a part of the file in order. Each element is a chunk to release, of the wanted
   * length but for the last one. While there is demand some chunks are read ahead; without demand
   * nothing more is read. The stream ends at the end of the part or where the file ends when it is
   * read; bytes that are added or cut off meanwhile may be seen or not, but none is left out
   * between others. What was read ahead and is not wanted, or whose actor awaits something, gives
   * way when others wait for memory, and is read again. Each subscription reads anew, and there may
   * be several side by side.
   *
   * @param options the part, the length of the chunks, how many are read ahead
   * @return the stream
   */
  IoStream<IoBuffer> chunks(ChunkOptions options);

  /**
   * Reads many parts, with the defaults of {@link MergeOptions}.
   *
   * @param ranges in any order; they may overlap
   * @return as {@link #parts(Iterable, MergeOptions)}
   */
  default IoStream<FilePart> parts(List<FileRange> ranges) {
    return parts(ranges, MergeOptions.defaults());
  }

  /**
   * Reads many parts of a list, which is copied.
   *
   * @param ranges in any order; they may overlap
   * @param options what is merged, and how many reads are under way
   * @return as {@link #parts(Iterable, MergeOptions)}
   */
  default IoStream<FilePart> parts(List<FileRange> ranges, MergeOptions options) {
    Iterable<FileRange> copy = List.copyOf(ranges);
    return parts(copy, options);
  }

  /**
   * Reads parts, as many as an iterator names; it may go on for ever. They come in the order of the
   * iterator; those that follow each other there and are neighbours in the file are read together,
   * however they overlap, up to 1024 of them. A read is started when its first part is wanted.
   * Parts of one read share its memory, which is given back when the last of them is released. A
   * failed read ends the stream, after the parts before it, with a failure that names the range;
   * what the iterator throws ends it after the parts before with {@code EINVAL} and the cause.
   *
   * <p>The iterator is asked while parts are wanted and reads may be started, for what these read
   * and one range more. It runs on the executor, in turns of the actor that has subscribed, and
   * must not block.
   *
   * @param ranges gives an iterator to each subscription; ranges in any order, they may overlap
   * @param options what is merged, and how many reads are under way
   * @return the stream; each subscription reads anew
   */
  IoStream<FilePart> parts(Iterable<FileRange> ranges, MergeOptions options);

  /**
   * Reads parts that the elements of another stream ask for, such as the lines of an index, in
   * their order and otherwise as {@link #parts(Iterable, MergeOptions)} does: those that have come
   * are merged, and a read waits for no further ones. While parts are wanted up to 64 elements are
   * asked for ahead. A failure of the stream, or of the function, ends this stream after the parts
   * before.
   *
   * @param requests a stream of this executor; has the subscription as long as the parts have one
   * @param range tells what to read for an element, which is given back when it returns: it must
   *     keep nothing that the element owns. Runs as the iterator does
   * @param options what is merged, and how many reads are under way
   * @param <T> the type of the requests
   * @return the stream
   * @throws IllegalArgumentException if the stream is of another executor or another runtime
   */
  <T> IoStream<FilePart> parts(
      IoStream<T> requests, Function<? super T, FileRange> range, MergeOptions options);

  /**
   * Writes the file in order from its beginning, with the defaults of {@link OutputOptions}.
   *
   * @return a new output, as {@link #output(OutputOptions)}
   */
  default FileOutput output() {
    return output(OutputOptions.defaults());
  }

  /**
   * Writes the file in order, behind the back of who writes. The output has the file to itself from
   * its position on: it does not look what others write there.
   *
   * @param options where it begins, how much is gathered and how much may wait
   * @return a new output
   * @throws IllegalStateException if the file was opened with APPEND or for direct I/O
   */
  FileOutput output(OutputOptions options);

  /**
   * Makes the data written so far survive a power loss (fdatasync): what has completed before this
   * is started.
   *
   * @return the operation
   */
  IoOp<Void> dataSync();

  /**
   * Makes data and everything the file system knows of the file survive a power loss (fsync).
   *
   * @return the operation
   */
  IoOp<Void> sync();

  /**
   * Writes a range out to the device and waits for it (sync_file_range), so that a {@link
   * #dataSync()} later has less to do. By itself it makes nothing survive a power loss: neither the
   * device's cache nor the metadata is written. The NIO driver does {@link #dataSync()} instead.
   *
   * @param position offset in the file, zero or more
   * @param length bytes, one or more
   * @return the operation
   */
  IoOp<Void> syncRange(long position, long length);

  /**
   * The length of the file.
   *
   * @return the operation
   */
  IoOp<Long> size();

  /**
   * What the file system knows of the file, whatever its name is by now. The NIO driver has only
   * the name it was opened by, and fails with ESTALE if that has gone.
   *
   * @return the operation
   */
  IoOp<FileStat> stat();

  /**
   * Cuts or extends the file.
   *
   * @param size the new length in bytes, zero or more
   * @return the operation; the NIO driver cannot extend what was opened with APPEND (EOPNOTSUPP)
   */
  IoOp<Void> truncate(long size);

  /**
   * Reserves blocks for a range, so that writes to it find space (fallocate). What is new reads as
   * zeros. The NIO driver cannot (EOPNOTSUPP), nor can some file systems.
   *
   * @param position offset in the file, zero or more
   * @param length bytes, one or more
   * @param keepSize whether the size stays as it is; else it grows to the end of the range
   * @return the operation; ENOSPC if there is no space
   */
  IoOp<Void> allocate(long position, long length, boolean keepSize);

  /**
   * Gives the blocks of a range back; it reads as zeros, and the size stays as it is. The NIO
   * driver cannot (EOPNOTSUPP), nor can some file systems.
   *
   * @param position offset in the file, zero or more
   * @param length bytes, one or more
   * @return the operation
   */
  IoOp<Void> punchHole(long position, long length);

  /**
   * Copies a range into another file, in pieces of 256 KiB through a buffer. When it fails or is
   * cancelled, or one of the files is closed meanwhile (EBADF), what was copied stays.
   *
   * @param position offset in this file, zero or more
   * @param target a file of the same executor, open for writing; may be this one if the ranges do
   *     not overlap
   * @param targetPosition offset in the target, zero or more
   * @param length bytes, zero or more; {@link Long#MAX_VALUE} for all there are
   * @return the operation; its value is how many bytes were copied, fewer only at the end of this
   *     file
   * @throws IllegalArgumentException if one of them was opened with DIRECT, or the target with
   *     APPEND
   */
  IoOp<Long> copyRangeTo(long position, AsyncFile target, long targetPosition, long length);

  /**
   * Takes an advisory lock if it is free; waits for nobody. It holds against whoever asks for locks
   * on the file, and ends with {@link #unlock} or {@link #close()}.
   *
   * <p>With io_uring it is a lock of this open file (F_OFD_SETLK): it holds within the process too,
   * and asking again for a range that this file has locked changes the kind of the lock. The NIO
   * driver has locks of the process: what any of its files has locked counts as taken, shared or
   * not, and closing any of them gives all locks on that file free. On a network file system the
   * server is asked, and with io_uring the executor waits for its answer.
   *
   * @param position where the range begins, zero or more
   * @param length bytes, one or more; 0 for up to the end, wherever that will be
   * @param shared whether others may hold shared locks too, for which the file must be open for
   *     reading; an exclusive lock needs it open for writing
   * @return the operation; its value is false if somebody else holds a lock against it
   */
  IoOp<Boolean> tryLock(long position, long length, boolean shared);

  /**
   * Gives a range free. One that was not locked is no mistake. The NIO driver gives only whole
   * locks free (EOPNOTSUPP).
   *
   * @param position where the range begins, zero or more
   * @param length bytes, one or more; 0 for up to the end
   * @return the operation
   */
  IoOp<Void> unlock(long position, long length);

  /**
   * Closes the file after the writes and syncs that were started before; what is started later
   * fails with {@code EBADF}. Reads that are under way, and questions such as the size, may end
   * with {@code ECANCELED} instead of their value.
   *
   * @return the operation; a second close completes at once
   */
  IoOp<Void> close();
}
