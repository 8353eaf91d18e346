import type { Metadata } from 'next'
import { ApiKeyTable } from '@/components/accounts/api-key-table'
import { ApiLinks } from '@/components/accounts/api-links'
