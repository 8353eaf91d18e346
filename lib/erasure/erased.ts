/** What stands in place of the data of an event, the body of a payload and the answer to a call of an erased customer. */
export const erasedText = 'erased'

/** Why a delivery ended as cancelled: its customer was erased. */
export const erasedReason = 'customer-erased'
