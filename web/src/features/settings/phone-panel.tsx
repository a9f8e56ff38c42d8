import Alert from '@mui/material/Alert'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import TextField from '@mui/material/TextField'
import Typography from '@mui/material/Typography'
import { useState, type ReactNode, type SubmitEvent } from 'react'
import { useLocation } from 'react-router'
import { useMutation, useQuery, type CombinedError } from 'urql'
import { CodeField } from '../../ui/code/code-field.tsx'
import { CODE_LENGTH, countdown } from '../../ui/code/code.ts'
import { describeError } from '../../ui/errors.ts'
import { useNow } from '../../ui/format/use-now.ts'
import { useSignOut } from '../../ui/shell/account-menu.tsx'
import { Panel } from '../../ui/states/panel.tsx'
import { ConfirmPhoneDocument, PhoneDocument, RemovePhoneDocument, RequestPhoneCodeDocument } from './phone.documents.ts'

interface PhoneChallenge {
  challengeId: string
  expiresAt: string
  phone: string
}

/** The viewer's phone number, by which codes can come. Not there where no SMS are sent and none is set. */
export function PhonePanel() {
  const [{ data }] = useQuery({ query: PhoneDocument, requestPolicy: 'cache-and-network' })
  const [challenge, setChallenge] = useState<PhoneChallenge | null>(null)
  const [changing, setChanging] = useState(false)
  const actor = data?.viewer?.actor
  const phone = actor?.__typename === 'User' ? actor.phone : undefined
  const offered = data?.signInChannels.includes('SMS') ?? false
  if (actor?.__typename !== 'User' || (!offered && !phone)) return null

  const done = () => {
    setChallenge(null)
    setChanging(false)
  }
  return (
    <Panel title="Phone">
      {challenge !== null ? (
        <ConfirmForm challenge={challenge} onDone={done} onBack={() => setChallenge(null)} />
      ) : phone && !changing ? (
        <CurrentPhone phone={phone} onChange={offered ? () => setChanging(true) : undefined} />
      ) : (
        <NumberForm onSent={setChallenge} onCancel={phone ? done : undefined} />
      )}
    </Panel>
  )
}

function CurrentPhone({ phone, onChange }: { phone: string; onChange: (() => void) | undefined }) {
  const [{ fetching, error }, remove] = useMutation(RemovePhoneDocument)
  return (
    <Form lead="Codes to sign in can come to this number by text message.">
      <Typography sx={{ fontVariantNumeric: 'tabular-nums' }}>
        <strong>{phone}</strong>
      </Typography>
      <Failure error={error} />
      <Row>
        {onChange && (
          <Button variant="outlined" onClick={onChange}>
            Change
          </Button>
        )}
        <Button color="error" loading={fetching} onClick={() => void remove({})}>
          Remove
        </Button>
      </Row>
    </Form>
  )
}

interface NumberFormProps {
  onSent(challenge: PhoneChallenge): void
  onCancel: (() => void) | undefined
}

function NumberForm({ onSent, onCancel }: NumberFormProps) {
  const [phone, setPhone] = useState('')
  const [{ fetching, error }, request] = useMutation(RequestPhoneCodeDocument)
  const submit = async () => {
    const { data } = await request({ input: { phone: phone.trim() } })
    if (data) onSent({ ...data.requestPhoneCode, phone: phone.trim() })
  }
  return (
    <Form lead="Add your number to get the codes to sign in by text message." onSubmit={() => void submit()}>
      <TextField
        label="Phone number"
        type="tel"
        name="tel"
        autoComplete="tel"
        required
        value={phone}
        onChange={(event) => setPhone(event.target.value)}
        helperText="With the country code: +41 79 123 45 67"
        error={error?.graphQLErrors[0]?.extensions['code'] === 'BAD_USER_INPUT'}
        sx={{ maxWidth: 320 }}
      />
      <Failure error={error} />
      <Row>
        <Button type="submit" variant="outlined" loading={fetching}>
          Send a code
        </Button>
        {onCancel && <Button onClick={onCancel}>Cancel</Button>}
      </Row>
    </Form>
  )
}

interface ConfirmFormProps {
  challenge: PhoneChallenge
  onDone(): void
  onBack(): void
}

function ConfirmForm({ challenge: { challengeId, expiresAt, phone }, onDone, onBack }: ConfirmFormProps) {
  const [code, setCode] = useState('')
  const now = useNow()
  const left = Date.parse(expiresAt) - now
  const [{ fetching, error }, confirm] = useMutation(ConfirmPhoneDocument)
  const submit = async () => {
    const { data } = await confirm({ input: { challengeId, code } })
    if (data) onDone()
  }
  return (
    <Form
      lead={
        <>
          We have sent a code to <strong>{phone}</strong>.
        </>
      }
      onSubmit={() => void submit()}
    >
      <Box sx={{ display: 'grid', maxWidth: 320 }}>
        <CodeField
          value={code}
          onChange={setCode}
          error={error !== undefined && !asksForSignIn(error)}
          describedBy="phone-code-help"
        />
      </Box>
      <Typography id="phone-code-help" variant="body2" sx={{ color: 'text.secondary', fontVariantNumeric: 'tabular-nums' }}>
        {left > 0 ? `Good for another ${countdown(left)}` : 'This code has expired. Send a new one.'}
      </Typography>
      <Failure error={error} />
      <Row>
        <Button type="submit" variant="contained" loading={fetching} disabled={code.length < CODE_LENGTH}>
          Confirm
        </Button>
        <Button onClick={onBack}>Use another number</Button>
      </Row>
    </Form>
  )
}

function Form({ lead, onSubmit, children }: { lead: ReactNode; onSubmit?: () => void; children: ReactNode }) {
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    onSubmit?.()
  }
  return (
    <Box
      component="form"
      onSubmit={submit}
      sx={{ display: 'grid', gap: 1.5, justifyItems: 'start', '& .MuiTextField-root': { width: '100%' } }}
    >
      <Typography sx={{ color: 'text.secondary' }}>{lead}</Typography>
      {children}
    </Box>
  )
}

const Row = ({ children }: { children: ReactNode }) => <Box sx={{ display: 'flex', gap: 1.5, flexWrap: 'wrap' }}>{children}</Box>

function Failure({ error }: { error: CombinedError | undefined }) {
  return (
    <Box aria-live="assertive">
      {error &&
        (asksForSignIn(error) ? (
          <SignInAgain words={describeError(error).detail} />
        ) : (
          <Alert severity="error">{describeError(error).detail}</Alert>
        ))}
    </Box>
  )
}

/** A person in the dashboard is forbidden to change the phone for one reason only: the sign-in is too long ago. */
const asksForSignIn = (error: CombinedError) => describeError(error).code === 'FORBIDDEN'

/** Signs out and, after the next sign-in, comes back here. */
function SignInAgain({ words }: { words: string }) {
  const leave = useSignOut()
  const { pathname } = useLocation()
  const [failed, setFailed] = useState<CombinedError>()
  const [leaving, setLeaving] = useState(false)
  const signInAgain = async () => {
    setLeaving(true)
    setFailed(await leave(false, pathname))
    setLeaving(false)
  }
  return (
    <Alert severity={failed ? 'error' : 'info'}>
      {failed ? describeError(failed).detail : words}
      <Box sx={{ mt: 1 }}>
        <Button variant="outlined" size="small" loading={leaving} onClick={() => void signInAgain()}>
          Sign in again
        </Button>
      </Box>
    </Alert>
  )
}
