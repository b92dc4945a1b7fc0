package dev.ringlet.io;

import java.nio.file.Path;
import java.util.List;

/**
 * An open file. <b>Thread:</b> any thread makes operations; its executor runs them.
 *
 * <p>While more operations are started on an executor than its disk is given side by side ({@link
 * dev.ringlet.executor.ExecutorPool#withDiskDepth}), they are done in the order of the shares of
 * their priority classes, and within a class in the order of their start. An operation counts for
 * the class that the actor which waits for it has when it starts; one that was started with {@link
 * IoOp#toCompletionStage()} for the class of the actor that did so, or the default class where it
 * was none.
 */
public interface AsyncFile {
  /**
   * The path it was opened by.
   *
   * @return the path
   */
  Path path();

  /**
   * Reads up to a number of bytes; fewer come only at the end of the file. While the executor's
   * buffers have used up their memory it waits for some, see {@link
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
   * Writes the readable bytes of the buffer, all of them.
   *
   * @param position offset in the file, zero or more
   * @param buffer goes over to the operation, which releases it whatever happens
   * @return the operation; its value is the number of bytes
   */
  IoOp<Integer> write(long position, IoBuffer buffer);

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
   * between others. Each subscription reads anew, and there may be several side by side.
   *
   * @param options the part, the length of the chunks, how many are read ahead
   * @return the stream
   */
  IoStream<IoBuffer> chunks(ChunkOptions options);

  /**
   * Reads many parts, with the defaults of {@link MergeOptions}.
   *
   * @param ranges in any order; they may overlap
   * @return as {@link #parts(List, MergeOptions)}
   */
  default IoStream<FilePart> parts(List<FileRange> ranges) {
    return parts(ranges, MergeOptions.defaults());
  }

  /**
   * Reads many parts. They come in the order of the list; those that follow each other in the list
   * and are neighbours in the file are read together, however they overlap. A read is started when
   * its first part is wanted. Parts of one read share its memory, which is given back when the last
   * of them is released. A failed read ends the stream, after the parts before it, with a failure
   * that names the range.
   *
   * @param ranges in any order; they may overlap
   * @param options what is merged, and how many reads are under way
   * @return the stream; each subscription reads anew
   */
  IoStream<FilePart> parts(List<FileRange> ranges, MergeOptions options);

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
   */
  FileOutput output(OutputOptions options);

  /**
   * Makes the data written so far survive a power loss (fdatasync).
   *
   * @return the operation
   */
  IoOp<Void> dataSync();

  /**
   * The length of the file.
   *
   * @return the operation
   */
  IoOp<Long> size();

  /**
   * Cuts or extends the file.
   *
   * @param size the new length in bytes, zero or more
   * @return the operation
   */
  IoOp<Void> truncate(long size);

  /**
   * Closes the file after the operations in flight, and those that were started and wait for the
   * disk; what is started later fails with {@code EBADF}.
   *
   * @return the operation; a second close completes at once
   */
  IoOp<Void> close();
}
