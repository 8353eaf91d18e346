import { Fragment } from 'react'

/** Words that may contain slashes, such as "created/updated/deleted". Lines break between words first, then after a slash. */
export const BreakableWords = ({ text }: { text: string }) =>
  text.includes('/')
    ? text.split(' ').map((word, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the words of one text, in its order
        <Fragment key={index}>
          {index > 0 && ' '}
          {word.includes('/') ? <SlashedWord word={word} /> : word}
        </Fragment>
      ))
    : text

const SlashedWord = ({ word }: { word: string }) => (
  <span className="inline-block">
    {word.split('/').map((part, index) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: as above
      <Fragment key={index}>
        {index > 0 && (
          <>
            /<wbr />
          </>
        )}
        {part}
      </Fragment>
    ))}
  </span>
)
